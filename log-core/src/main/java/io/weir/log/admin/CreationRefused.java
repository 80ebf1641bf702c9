package io.weir.log.admin;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/// Why the cluster did not create a topic, with the fix.
final class CreationRefused {
    private static final Set<String> KNOWN_CONFIGS = Arrays.stream(TopicConfig.class.getFields())
            .filter(field -> field.getName().endsWith("_CONFIG") && field.getType() == String.class)
            .map(CreationRefused::constant)
            .collect(Collectors.toUnmodifiableSet());

    private CreationRefused() {}

    static WeirException of(NewTopicRequest request, @Nullable Throwable cause) {
        String subject = "Topic '" + request.name() + "': ";
        return switch (cause) {
            case TopicExistsException e ->
                new WeirException("topic-exists", Whose.USER, 409, subject + "it exists already.", e);
            case InvalidPartitionsException e ->
                refused("topic-partitions-invalid", subject + "partitions_count must be at least 1. " + words(e), e);
            case InvalidReplicationFactorException e ->
                refused(
                        "topic-replication-invalid",
                        subject + "replication_factor must be from 1 to the number of brokers. " + words(e),
                        e);
            case InvalidConfigurationException e ->
                refused("topic-config-invalid", subject + words(e) + "." + hints(request), e);
            case null -> AdminCalls.translated(null, "Topic '" + request.name() + "'");
            default -> AdminCalls.translated(cause, "Topic '" + request.name() + "'");
        };
    }

    private static WeirException refused(String code, String message, Throwable cause) {
        return new WeirException(code, Whose.USER, 400, message, cause);
    }

    private static String hints(NewTopicRequest request) {
        List<String> unknown = request.configs().keySet().stream()
                .filter(name -> !KNOWN_CONFIGS.contains(name))
                .sorted()
                .toList();
        return unknown.stream()
                .map(name -> NearestName.hint(KNOWN_CONFIGS, name))
                .distinct()
                .collect(Collectors.joining());
    }

    private static String words(Throwable cause) {
        String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }

    private static String constant(Field field) {
        try {
            return String.valueOf(field.get(null));
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("Kafka's public constants are readable.", e);
        }
    }
}
