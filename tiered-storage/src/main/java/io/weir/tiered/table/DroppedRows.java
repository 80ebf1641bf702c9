package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.LakeRetention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.kafka.common.utils.Time;

/// The files that a table may let go of: every row has fallen below the log's start, and the topic's own
/// retention
/// does not hold it.
///
/// @param time for ages
record DroppedRows(Time time) {
    List<DataFile> of(Table table, ArchivedTopic topic, LakeRetention retention) {
        return switch (retention) {
            case LakeRetention.Keep keep -> List.of();
            case LakeRetention.Follow follow -> below(table, topic, file -> true);
            case LakeRetention.Own own -> {
                long oldestMicros =
                        Math.multiplyExact(time.milliseconds() - own.age().toMillis(), 1000L);
                // of a file without timestamps nobody knows how old it is: it follows the log
                yield below(
                        table,
                        topic,
                        file -> FileBounds.upper(file, FixedColumns.TIMESTAMP).orElse(Long.MIN_VALUE) < oldestMicros);
            }
        };
    }

    /// The newest `_timestamp` in a table; empty when it has none.
    static Optional<Long> newestMillis(Table table) {
        Optional<Long> newest = Optional.empty();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().includeColumnStats().planFiles()) {
            for (FileScanTask task : tasks) {
                OptionalLong upper = FileBounds.upper(task.file(), FixedColumns.TIMESTAMP);
                if (upper.isPresent()) {
                    newest = Optional.of(Math.max(newest.orElse(Long.MIN_VALUE), upper.getAsLong() / 1000));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return newest;
    }

    private static List<DataFile> below(Table table, ArchivedTopic topic, Predicate<DataFile> goes) {
        Map<Integer, Long> starts = new HashMap<>();
        topic.partitions().forEach((number, partition) -> {
            if (partition.logStart() > 0) {
                starts.put(number, partition.logStart());
            }
        });
        if (starts.isEmpty() || table.currentSnapshot() == null) {
            return List.of();
        }
        List<DataFile> found = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks = table.newScan()
                .includeColumnStats()
                .filter(Expressions.in(FixedColumns.partitionName(table.schema()), starts.keySet()))
                .planFiles()) {
            for (FileScanTask task : tasks) {
                DataFile file = task.file();
                Long start = starts.get(file.partition().get(0, Integer.class));
                // another engine may have written it without bounds: it stays
                long last = FileBounds.upper(file, FixedColumns.OFFSET).orElse(Long.MAX_VALUE);
                if (start != null && last < start && goes.test(file)) {
                    found.add(file.copyWithoutStats());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return found;
    }
}
