package io.weir.streams.job.life;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.replay.RecordTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds where rows of windows come from: the records of the window's key and time in the sources, by reading
/// them
/// again. Only told to users: what is not found changes no verdict.
final class Lineage {
    private static final Logger LOG = LoggerFactory.getLogger(Lineage.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MOST_ROWS = 3;
    private static final int MOST_RECORDS_SHOWN = 20;

    /// Records of one partition that are read for it.
    private static final long MOST_RECORDS_READ = 500_000;

    private final JobCluster cluster;
    private final ResultReader reader;
    private final VersionStarter starter;

    Lineage(NodeParts parts) {
        this.cluster = parts.cluster();
        this.reader = parts.reader();
        this.starter = parts.starter();
    }

    /// One window of one key.
    private record Window(JsonNode key, long fromMillis, long toMillis) {
        static Optional<Window> of(JsonNode key) {
            try {
                return key.hasNonNull("window_start") && key.hasNonNull("window_end")
                        ? Optional.of(new Window(
                                key.path("key"),
                                Instant.parse(key.path("window_start").asText()).toEpochMilli(),
                                Instant.parse(key.path("window_end").asText()).toEpochMilli()))
                        : Optional.empty();
            } catch (DateTimeParseException e) {
                return Optional.empty();
            }
        }
    }

    /// Adds `lineage`, offsets by `topic-partition`, to the first differences of a comparison.
    ///
    /// @param report of one output, with its `first` differences
    void add(Job job, JobVersion version, String sink, ObjectNode report) {
        Optional<PlanFacts.WindowKey> keyed = PlanFacts.windowKey(version.plan().json(), sink);
        if (keyed.isEmpty()) {
            return;
        }
        try (VersionStarter.EventTimes times = starter.eventTimes(job, version)) {
            int left = MOST_ROWS;
            for (JsonNode difference : report.path("first")) {
                Optional<Window> window = Window.of(difference.path("key"));
                if (window.isPresent() && left-- > 0 && difference instanceof ObjectNode row) {
                    row.set("lineage", find(version, keyed.get(), window.get(), times));
                }
            }
        } catch (WeirException e) {
            LOG.info("Lineage is not known job={} cause={}", job.name(), e.getMessage());
        }
    }

    private ObjectNode find(
            JobVersion version, PlanFacts.WindowKey keyed, Window window, VersionStarter.EventTimes times) {
        ObjectNode found = JSON.createObjectNode();
        long reach = window.toMillis() + PlanFacts.reachMillis(version.plan().json());
        for (String topic : keyed.sources()) {
            RecordTime time = times.of().apply(topic);
            boolean timed = PlanFacts.timedByField(version.plan().json()).contains(topic);
            Map<String, Long> from = timed
                    ? cluster.starts(List.of(topic))
                    : cluster.offsetsAt(List.of(topic), Instant.ofEpochMilli(window.fromMillis()));
            cluster.ends(List.of(topic)).forEach((name, end) -> {
                TopicPartition at = Vectors.partition(name);
                long start = from.getOrDefault(name, 0L);
                long most = Math.min(end, start + MOST_RECORDS_READ);
                long until = reader.firstReaching(topic, at.partition(), start, most, time, reach);
                ArrayNode offsets = JSON.createArrayNode();
                reader.records(topic, at.partition(), start, until, record -> {
                    long millis = time.of(record);
                    if (offsets.size() < MOST_RECORDS_SHOWN
                            && millis >= window.fromMillis()
                            && millis < window.toMillis()
                            && isOf(record, keyed, window.key())) {
                        offsets.add(record.offset());
                    }
                });
                if (!offsets.isEmpty()) {
                    found.set(name, offsets);
                }
            });
        }
        return found;
    }

    private static boolean isOf(ConsumerRecord<byte[], byte[]> record, PlanFacts.WindowKey keyed, JsonNode key) {
        if (keyed.field().isEmpty()) {
            return record.key() != null && same(record.key(), key);
        }
        try {
            return record.value() != null
                    && JSON.readTree(record.value()).path(keyed.field().get()).equals(key);
        } catch (IOException e) {
            return false; // a dead letter
        }
    }

    private static boolean same(byte[] bytes, JsonNode key) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (key.isTextual() && key.textValue().equals(text)) {
            return true;
        }
        try {
            return JSON.readTree(text).equals(key);
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
