package io.weir.log.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);

    @TempDir
    Path data;

    @Test
    void formatsAnEmptyDirectoryAndStartsOnPortZero() throws Exception {
        Node node = Node.create(NodeSettings.singleNode(data).withPorts(0, 0)).start();
        try {
            Endpoints endpoints = node.awaitRunning(START);
            Map<String, Object> client = Map.of("bootstrap.servers", endpoints.bootstrapServers());
            try (Admin admin = Admin.create(client)) {
                admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
                        .all()
                        .get();
            }
            try (KafkaProducer<String, String> producer =
                    new KafkaProducer<>(client, new StringSerializer(), new StringSerializer())) {
                producer.send(new ProducerRecord<>("orders", "k", "v")).get();
            }
            try (KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(client, new StringDeserializer(), new StringDeserializer())) {
                consumer.assign(List.of(new TopicPartition("orders", 0)));
                consumer.seekToBeginning(consumer.assignment());
                ConsumerRecord<String, String> record =
                        consumer.poll(Duration.ofSeconds(10)).iterator().next();
                assertThat(record.value()).isEqualTo("v");
            }
        } finally {
            assertThat(node.stop(STOP)).isTrue();
        }
    }
}
