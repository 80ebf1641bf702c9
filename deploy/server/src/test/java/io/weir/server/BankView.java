package io.weir.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.examples.BankTransfers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/// What a reader of committed rows knows of topic `balances`: after each end that the broker names as stable,
/// the
/// newest balance of every account. Goes on after a restart of the node where it was.
final class BankView {
    private static final TopicPartition BALANCES = new TopicPartition("balances", 0);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Long> balances = new TreeMap<>();
    private final Deque<ConsumerRecord<String, String>> beyond = new ArrayDeque<>();
    private final int accounts;
    private long next;
    private long views;
    private long rows;

    BankView(int accounts) {
        this.accounts = accounts;
    }

    static KafkaConsumer<String, String> consumer(String kafka) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("fetch.max.wait.ms", 20);
        return new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    }

    /// Takes the next view.
    ///
    /// @throws AssertionError when money came or went
    void look(KafkaConsumer<String, String> consumer) throws IOException {
        if (consumer.assignment().isEmpty()) {
            consumer.assign(List.of(BALANCES));
            consumer.seek(BALANCES, next);
            beyond.clear();
        }
        long stable = consumer.endOffsets(List.of(BALANCES)).get(BALANCES);
        while (consumer.position(BALANCES) < stable) {
            consumer.poll(Duration.ofMillis(100)).forEach(beyond::add);
        }
        while (!beyond.isEmpty() && beyond.peek().offset() < stable) {
            ConsumerRecord<String, String> row = beyond.remove();
            JsonNode balance = JSON.readTree(row.value());
            balances.put(row.key(), balance.path("balance").longValue());
            rows++;
        }
        next = stable;
        views++;
        long sum = sum();
        if (sum != accounts * BankTransfers.OPENING_BALANCE) {
            throw new AssertionError("At offset " + stable + " the accounts hold " + sum + " together: " + balances);
        }
    }

    private long sum() {
        long opened = balances.values().stream().mapToLong(Long::longValue).sum();
        return opened + (accounts - balances.size()) * BankTransfers.OPENING_BALANCE;
    }

    Map<String, Long> balances() {
        return balances;
    }

    /// Rows seen so far.
    long rows() {
        return rows;
    }

    /// Views taken so far.
    long views() {
        return views;
    }
}
