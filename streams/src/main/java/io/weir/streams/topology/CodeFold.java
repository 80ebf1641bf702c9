package io.weir.streams.topology;

import io.weir.streams.dsl.Folder;
import io.weir.streams.dsl.Folding;
import io.weir.streams.dsl.Initial;
import io.weir.streams.dsl.Merger;
import io.weir.streams.dsl.Opaque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Folds by code of the job. The state is what the code gives, in the format of rows.
final class CodeFold implements Fold {
    private final String stage;
    private final Initial<Object> initial;
    private final Folder<Object, Object, Object> folder;
    private final @Nullable Merger<Object, Object> merger;
    private final RowFormat format;

    @SuppressWarnings("unchecked") // the job's compiler has checked the types of the three
    CodeFold(String stage, Folding.Code code, RowFormat format) {
        this.stage = stage;
        this.format = format;
        this.initial = code.initial().code(Initial.class);
        this.folder = code.fold().code(Folder.class);
        Opaque merge = code.merge();
        this.merger = merge == null ? null : merge.code(Merger.class);
    }

    @Override
    public byte[] add(byte @Nullable [] state, Object key, Object row, long timeMillis) {
        try {
            Object before = state == null ? initial.of() : format.read(state);
            return given(folder.of(key, row, Objects.requireNonNull(before)));
        } catch (RuntimeException e) {
            throw StageFailure.of(stage, e);
        }
    }

    @Override
    public byte[] merge(Object key, byte[] earlier, byte[] later) {
        try {
            return given(Objects.requireNonNull(merger)
                    .of(key, Objects.requireNonNull(format.read(earlier)), Objects.requireNonNull(format.read(later))));
        } catch (RuntimeException e) {
            throw StageFailure.of(stage, e);
        }
    }

    @Override
    public Object result(byte[] state) {
        return Objects.requireNonNull(format.read(state));
    }

    private byte[] given(@Nullable Object folded) {
        byte[] bytes = format.write(folded);
        if (bytes == null) {
            throw new StageFailure(stage, "a fold must give a value, got null.", null);
        }
        return bytes;
    }
}
