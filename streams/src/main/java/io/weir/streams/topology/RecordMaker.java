package io.weir.streams.topology;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Makes records of one class from the values of their components. Thread-safe.
final class RecordMaker {
    private final String stage;
    private final Constructor<?> constructor;

    RecordMaker(String stage, Class<?> type) {
        this.stage = stage;
        try {
            constructor = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            constructor.setAccessible(true);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("Every record has a canonical constructor: " + type, e);
        }
    }

    Object make(@Nullable Object... components) {
        try {
            return constructor.newInstance(components);
        } catch (InvocationTargetException e) {
            throw new StageFailure(stage, "the record refuses its components: " + e.getCause(), e.getCause());
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new StageFailure(stage, "the components do not fit: " + e.getMessage(), e);
        } catch (InstantiationException | IllegalAccessException e) {
            throw new IllegalStateException(constructor.toString(), e);
        }
    }
}
