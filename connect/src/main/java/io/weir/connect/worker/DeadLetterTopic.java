package io.weir.connect.worker;

import java.util.Map;
import org.apache.kafka.connect.runtime.SinkConnectorConfig;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.apache.kafka.connect.runtime.rest.entities.ConfigInfos;
import org.apache.kafka.connect.util.TopicAdmin;
import org.jspecify.annotations.Nullable;

/// The topic of a sink's dead letters. Connect creates it with three replicas unless told otherwise, which fails the
/// task on a node alone; it takes a topic that exists as it is, so this one is made before the connector starts.
final class DeadLetterTopic {
    private DeadLetterTopic() {}

    /// Creates the topic when a valid configuration names one without saying how often it is replicated.
    static void prepare(LiveWorker live, Map<String, String> config) throws Throwable {
        String topic = config.get(SinkConnectorConfig.DLQ_TOPIC_NAME_CONFIG);
        if (isBlank(topic) || !isBlank(config.get(SinkConnectorConfig.DLQ_TOPIC_REPLICATION_FACTOR_CONFIG))) {
            return;
        }
        ConfigInfos checked = Exchange.<ConfigInfos>complete(
                live, (herder, callback) -> herder.validateConnectorConfig(config, callback, false));
        if (checked.errorCount() == 0) {
            short replicas = live.config().getShort(DistributedConfig.CONFIG_STORAGE_REPLICATION_FACTOR_CONFIG);
            live.admin()
                    .topicAdmin()
                    .createTopics(TopicAdmin.defineTopic(topic)
                            .partitions(1)
                            .replicationFactor(replicas)
                            .build());
        }
    }

    private static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
