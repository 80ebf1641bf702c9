package io.weir.connect.library.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the partitions that Connect gives it, each into its own files. Connect calls all methods from one
/// thread.
public final class FileSinkTask extends SinkTask {
    private static final Logger LOG = LoggerFactory.getLogger(FileSinkTask.class);

    private final AllowedFolders allowed;
    private final Map<TopicPartition, PartitionFiles> files = new HashMap<>();
    private @Nullable FileSinkSettings settings;
    private @Nullable Path folder;

    /// For Connect, which creates tasks by reflection.
    public FileSinkTask() {
        this(AllowedFolders.current());
    }

    FileSinkTask(AllowedFolders allowed) {
        this.allowed = allowed;
    }

    @Override
    public String version() {
        return FileSource.VERSION;
    }

    @Override
    public void start(Map<String, String> properties) {
        FileSinkSettings parsed = FileSinkSettings.of(properties);
        settings = parsed;
        folder = allowed.creatable(parsed.folder());
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            PartitionFiles opened = guarded(partition, () -> PartitionFiles.open(folder(), partition, settings()));
            files.put(partition, opened);
            if (opened.provenEnd() > 0) {
                LOG.atInfo()
                        .addKeyValue("topic", partition.topic())
                        .addKeyValue("partition", partition.partition())
                        .addKeyValue("offset", opened.provenEnd())
                        .log("Files prove what is written; earlier records are left out when they come again");
            }
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        for (SinkRecord record : records) {
            TopicPartition partition = new TopicPartition(record.topic(), record.kafkaPartition());
            PartitionFiles target = Objects.requireNonNull(files.get(partition), "a record of a partition not opened");
            try {
                target.add(record);
            } catch (BadRecord e) {
                refuse(record, e);
            } catch (IOException e) {
                throw unwritable(partition, e);
            }
        }
    }

    /// Finishes the files of all partitions, so that every offset that Connect commits is proven by one.
    @Override
    public Map<TopicPartition, OffsetAndMetadata> preCommit(Map<TopicPartition, OffsetAndMetadata> currentOffsets) {
        flush(currentOffsets);
        return currentOffsets;
    }

    @Override
    public void flush(Map<TopicPartition, OffsetAndMetadata> currentOffsets) {
        try {
            files.forEach((partition, partitionFiles) -> guarded(partition, () -> {
                partitionFiles.finish();
                return partitionFiles;
            }));
        } catch (ConnectException e) {
            // Connect goes back to the committed offsets after this
            files.values().forEach(PartitionFiles::discard);
            throw e;
        }
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        for (TopicPartition partition : partitions) {
            PartitionFiles closed = files.remove(partition);
            if (closed != null) {
                closed.discard();
            }
        }
    }

    @Override
    public void stop() {
        files.values().forEach(PartitionFiles::discard);
        files.clear();
    }

    private void refuse(SinkRecord record, BadRecord bad) {
        ErrantRecordReporter reporter = context.errantRecordReporter();
        if (reporter == null) {
            throw new ConnectException(
                    "Topic '" + record.topic() + "', partition " + record.kafkaPartition() + ", offset "
                            + record.kafkaOffset() + ": " + bad.reason()
                            + ". Correct the settings, or set errors.tolerance=all and"
                            + " errors.deadletterqueue.topic.name to go on without the record.",
                    bad);
        }
        // the worker waits for it before it commits the offset
        Future<Void> unused = reporter.report(record, bad);
    }

    private FileSinkSettings settings() {
        return Objects.requireNonNull(settings, "start comes first");
    }

    private Path folder() {
        return Objects.requireNonNull(folder, "start comes first");
    }

    /// A step on files.
    private interface Step {
        PartitionFiles run() throws IOException;
    }

    private PartitionFiles guarded(TopicPartition partition, Step step) {
        try {
            return step.run();
        } catch (IOException e) {
            throw unwritable(partition, e);
        }
    }

    private ConnectException unwritable(TopicPartition partition, IOException e) {
        String why = e.getMessage() == null
                ? e.getClass().getSimpleName()
                : e.getClass().getSimpleName() + " " + e.getMessage();
        return new ConnectException(
                "Folder '" + folder() + "': cannot be written for partition " + partition + ", got " + why + ".", e);
    }
}
