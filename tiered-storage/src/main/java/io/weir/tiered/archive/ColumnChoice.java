package io.weir.tiered.archive;

import io.weir.tiered.segment.BatchEnvelope;
import io.weir.tiered.segment.LogSegmentFile;
import io.weir.tiered.segment.RecordCursor;
import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.ColumnSampler;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.shape.SchemaLookup;
import io.weir.tiered.shape.TopicColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides which columns a segment's file has: those of the topic's table, grown by what a sample of the segment
/// asks for. When the table does not answer, those known last: a copy does not wait for it, except the first of a
/// topic, which has nothing to go by. Safe for use by several threads.
final class ColumnChoice {
    private static final Logger LOG = LoggerFactory.getLogger(ColumnChoice.class);
    private static final long SAMPLE_BYTES = 8L * 1024 * 1024;
    private static final int SAMPLE_RECORDS = 20_000;

    private final ArchiveSettings settings;
    private final ArchiveMetrics metrics;
    private final SchemaLookup schemas;
    private final Map<UUID, TopicColumns> knownLast = new ConcurrentHashMap<>();

    ColumnChoice(ArchiveSettings settings, SchemaLookup schemas, ArchiveMetrics metrics) {
        this.settings = settings;
        this.schemas = schemas;
        this.metrics = metrics;
    }

    /// @throws IOException the topic's columns are not known at all
    TopicColumns columns(RemoteLogSegmentMetadata metadata, Path logSegment, CopyDeadline deadline) throws IOException {
        Optional<LakeSchema> schema = LakeSchemas.of(settings.clusterId());
        if (schema.isEmpty() || !settings.shaping().enabled()) {
            return TopicColumns.NONE;
        }
        String topic = metadata.topicIdPartition().topic();
        Uuid id = metadata.topicIdPartition().topicId();
        UUID topicId = new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
        TopicColumns known = known(schema.get(), topic, topicId);
        ColumnSampler sampler = new ColumnSampler(settings.shaping().limits(), schemas);
        sample(logSegment, metadata.segmentSizeInBytes(), sampler);
        deadline.check("columns");
        List<Column> wanted =
                sampler.wanted(known.columns(), settings.shaping().limits().columns());
        if (!wanted.equals(known.columns())) {
            known = grown(schema.get(), topic, topicId, wanted, known);
        }
        knownLast.put(topicId, known);
        return known;
    }

    private TopicColumns known(LakeSchema schema, String topic, UUID topicId) throws IOException {
        try {
            return schema.columns(topic, topicId);
        } catch (IOException e) {
            TopicColumns last = knownLast.get(topicId);
            metrics.schemaFailures.increment();
            if (last == null) {
                throw e;
            }
            LOG.info("Columns of the table as known last topic={}", topic, e);
            return last;
        }
    }

    private TopicColumns grown(LakeSchema schema, String topic, UUID topicId, List<Column> wanted, TopicColumns known) {
        try {
            return schema.grow(topic, topicId, wanted, settings.shaping().schemaDeadline());
        } catch (IOException e) {
            metrics.schemaFailures.increment();
            LOG.info("New columns were not added, their values stay raw topic={}", topic, e);
            return known;
        }
    }

    /// Values from batches all over the segment, the first one always.
    private static void sample(Path logSegment, int sizeBytes, ColumnSampler sampler) throws IOException {
        long stride = Math.max(1, Math.ceilDiv(sizeBytes, SAMPLE_BYTES));
        RecordsSection section = new RecordsSection();
        RecordCursor cursor = new RecordCursor();
        int records = 0;
        try (LogSegmentFile segment = LogSegmentFile.open(logSegment, sizeBytes)) {
            for (long batch = 0; records < SAMPLE_RECORDS && segment.next(); batch++) {
                BatchEnvelope envelope = segment.envelope();
                boolean readable = envelope.magic() == 2 && !envelope.isControl();
                if (batch % stride != 0 || !readable || section.open(envelope, segment.bytes()) != null) {
                    continue;
                }
                cursor.resetLenient(section.bytes(), section.from(), section.to());
                while (records < SAMPLE_RECORDS && cursor.next()) {
                    if (cursor.valueLength() > 0) {
                        sampler.add(cursor.bytes(), cursor.valueStart(), cursor.valueLength());
                    }
                    records++;
                }
            }
        }
    }
}
