package io.weir.connect.library.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/// Drives a source task as a worker does, with offsets that outlive the task: they move only with [#commit].
final class SourceRun {
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private final Map<String, String> properties;
    private final AllowedFolders allowed;

    SourceRun(Path allowedFolder, Map<String, String> properties) {
        this.allowed = AllowedFolders.of(List.of(allowedFolder));
        this.properties = properties;
    }

    FileSourceTask start() {
        FileSourceTask task = new FileSourceTask(allowed, Duration.ZERO);
        task.initialize(new Context());
        task.start(properties);
        return task;
    }

    void commit(SourceRecord record) {
        offsets.put(record.sourcePartition(), new HashMap<>(record.sourceOffset()));
    }

    /// Everything from the committed offsets to the end, committed.
    List<SourceRecord> toTheEnd() {
        FileSourceTask task = start();
        try {
            List<SourceRecord> all = new ArrayList<>();
            List<SourceRecord> batch;
            while ((batch = task.poll()) != null) {
                all.addAll(batch);
            }
            all.forEach(this::commit);
            return all;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            task.stop();
        }
    }

    static String value(SourceRecord record) {
        return new String((byte[]) record.value(), StandardCharsets.UTF_8);
    }

    static List<String> values(Collection<SourceRecord> records) {
        return records.stream().map(SourceRun::value).toList();
    }

    private final class Context implements SourceTaskContext {
        @Override
        public Map<String, String> configs() {
            return properties;
        }

        @Override
        public OffsetStorageReader offsetStorageReader() {
            return new OffsetStorageReader() {
                @Override
                public <T> Map<String, Object> offset(Map<String, T> partition) {
                    return offsets.get(partition);
                }

                @Override
                public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
                    Map<Map<String, T>, Map<String, Object>> known = new HashMap<>();
                    partitions.forEach(partition -> known.put(partition, offsets.get(partition)));
                    return known;
                }
            };
        }

        @Override
        public org.apache.kafka.common.metrics.PluginMetrics pluginMetrics() {
            return null;
        }
    }
}
