package io.weir.streams.dsl;

/// A store of a [Step]: logged, and restored where the task goes.
///
/// @param name unique within the step; the store's changelog is `<stage>-<name>`
/// @param key as for topics: String, Integer, Long, Boolean, UUID, byte[] or a record
/// @param value a record, or a plain value
public record StepStore<A, B>(String name, Class<A> key, Class<B> value) {
    public StepStore {
        Names.checkStage(name, "store");
    }

    public static <A, B> StepStore<A, B> of(String name, Class<A> key, Class<B> value) {
        return new StepStore<>(name, key, value);
    }
}
