package io.weir.streams.dsl;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/// Reads components of records that no method reference of the job names.
final class Components {
    private Components() {}

    static Column<Object, @Nullable Object> reader(Class<?> type, RecordComponent component) {
        Method accessor = component.getAccessor();
        accessor.setAccessible(true);
        return row -> {
            try {
                return accessor.invoke(row);
            } catch (InvocationTargetException e) {
                throw new IllegalStateException(
                        type.getSimpleName() + "." + component.getName() + " has failed: " + e.getCause(),
                        e.getCause());
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(accessor.toString(), e);
            }
        };
    }
}
