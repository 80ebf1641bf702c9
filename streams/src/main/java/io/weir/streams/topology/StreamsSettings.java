package io.weir.streams.topology;

import io.weir.streams.job.RunSpec;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/// The Kafka Streams settings that every version runs with.
final class StreamsSettings {
    private static final int COMMIT_INTERVAL_MILLIS = 1_000;
    private static final int SESSION_TIMEOUT_MILLIS = 10_000;
    private static final int TRANSACTION_TIMEOUT_MILLIS = 10_000;
    /// A hundred years: window changelogs must not lose records that are decades old.
    private static final long CHANGELOG_RETENTION_MILLIS = 3_155_760_000_000L;

    private static final long CACHE_BYTES = 48L << 20;

    private StreamsSettings() {}

    static Map<String, Object> of(RunSpec spec, RunContext context, long rocksDbBytes) {
        Map<String, Object> settings = shaping(spec.applicationId(), context);
        settings.put(StreamsConfig.CLIENT_ID_CONFIG, spec.applicationId());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, spec.stateDirectory().toString());
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, spec.threads());
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) spec.replicationFactor());
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        settings.put(SharedRocksDb.BUDGET_BYTES, rocksDbBytes);
        settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), SESSION_TIMEOUT_MILLIS);
        settings.put(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), TRANSACTION_TIMEOUT_MILLIS);
        settings.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of());
        settings.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
        settings.putAll(spec.clientProperties());
        return settings;
    }

    /// For a topology that runs in a test driver, without a log.
    static Map<String, Object> forTest(Path stateDirectory, RunContext context) {
        Map<String, Object> settings = shaping(context.job(), context);
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:9");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, stateDirectory.toString());
        return settings;
    }

    private static Map<String, Object> shaping(String applicationId, RunContext context) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MILLIS);
        settings.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        settings.put(StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG, CHANGELOG_RETENTION_MILLIS);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksDb.class);
        settings.put(StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetters.class);
        settings.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG, DeadLetters.class);
        settings.put(StreamsConfig.ERRORS_DEAD_LETTER_QUEUE_TOPIC_NAME_CONFIG, context.deadLetters());
        settings.put(RunContext.SETTING, context);
        return settings;
    }
}
