package io.weir.streams.replay;

import java.time.Duration;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Where consumers of a replay read what is archived.
///
/// @param reader shared by all of them
/// @param memoryBytes that one consumer may take for it; what one partition needs is always held
/// @param patience how long a part that cannot be read is tried again before the broker is asked for it
/// @param columns what folds its columns; null where nothing does
/// @param ahead what is done with a record before its consumer takes it, on the thread that reads
public record ColdSource(
        ColdReader reader,
        long memoryBytes,
        Duration patience,
        UnaryOperator<ConsumerRecord<byte[], byte[]>> ahead,
        @Nullable Columns columns) {
    /// How the archive's columns are folded.
    public record Columns(ColumnFold fold, FoldLimits limits) {}

    /// An archive that opens later than the jobs, or a store that is away for a moment, is waited for: the broker would
    /// have to read the same objects.
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    public ColdSource(ColdReader reader, long memoryBytes) {
        this(reader, memoryBytes, PATIENCE, UnaryOperator.identity(), null);
    }

    public ColdSource {
        if (memoryBytes < 1) {
            throw new IllegalArgumentException(
                    "Replay: memory for archived records must be positive, got " + memoryBytes + " bytes.");
        }
    }

    /// The part of one of several consumers.
    public ColdSource dividedBy(int consumers) {
        return new ColdSource(reader, Math.max(1, memoryBytes / consumers), patience, ahead, columns);
    }

    /// The same with something else done to each record.
    public ColdSource preparedBy(UnaryOperator<ConsumerRecord<byte[], byte[]>> preparation) {
        return new ColdSource(reader, memoryBytes, patience, preparation, columns);
    }

    /// The same with something that folds columns.
    public ColdSource foldedBy(ColumnFold fold, FoldLimits limits) {
        return new ColdSource(reader, memoryBytes, patience, ahead, new Columns(fold, limits));
    }

    /// The same read by another reader.
    public ColdSource readBy(ColdReader other) {
        return new ColdSource(other, memoryBytes, patience, ahead, columns);
    }
}
