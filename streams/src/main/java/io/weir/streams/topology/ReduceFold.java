package io.weir.streams.topology;

import io.weir.streams.dsl.Folding;
import io.weir.streams.dsl.Reducer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Makes one row of two, again and again. The state is a row.
final class ReduceFold implements Fold {
    private final String stage;
    private final Reducer<Object> reducer;
    private final RowFormat format;

    @SuppressWarnings("unchecked") // the job's compiler has checked the type
    ReduceFold(String stage, Folding.Reduce reduce, RowFormat format) {
        this.stage = stage;
        this.reducer = reduce.function().code(Reducer.class);
        this.format = format;
    }

    @Override
    public byte[] add(byte @Nullable [] state, Object key, Object row, long timeMillis) {
        return state == null
                ? Objects.requireNonNull(format.write(row))
                : reduced(Objects.requireNonNull(format.read(state)), row);
    }

    @Override
    public byte[] merge(Object key, byte[] earlier, byte[] later) {
        return reduced(Objects.requireNonNull(format.read(earlier)), Objects.requireNonNull(format.read(later)));
    }

    @Override
    public Object result(byte[] state) {
        return Objects.requireNonNull(format.read(state));
    }

    private byte[] reduced(Object one, Object other) {
        byte[] bytes;
        try {
            bytes = format.write(reducer.of(one, other));
        } catch (RuntimeException e) {
            throw StageFailure.of(stage, e);
        }
        if (bytes == null) {
            throw new StageFailure(stage, "reduce must give a row, got null.", null);
        }
        return bytes;
    }
}
