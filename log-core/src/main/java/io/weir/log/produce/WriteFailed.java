package io.weir.log.produce;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// A record that was not acknowledged, or whose place is not known.
public final class WriteFailed extends WeirException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /// What happened to the record.
    public enum Reason {
        /// Larger than the topic takes; not written.
        TOO_LARGE("write-too-large", Whose.USER, 413),
        /// The user may not write there; not written.
        NOT_ALLOWED("write-not-allowed", Whose.USER, 403),
        /// The topic or partition does not exist; not written.
        TOPIC_UNKNOWN("topic-not-found", Whose.USER, 404),
        /// No acknowledgement in time; may or may not be written.
        TIMED_OUT("write-timed-out", Whose.EXTERNAL, 503),
        /// Written; the broker recognised a retry and does not know the record's offset any more.
        OFFSET_UNKNOWN("write-offset-unknown", Whose.EXTERNAL, 503),
        /// The writer was closed; may or may not be written.
        CLOSED("write-closed", Whose.EXTERNAL, 503),
        /// The log refused the record for the reason in the message; not written.
        REFUSED("write-refused", Whose.EXTERNAL, 503);

        private final String code;
        private final Whose whose;
        private final int status;

        Reason(String code, Whose whose, int status) {
            this.code = code;
            this.whose = whose;
            this.status = status;
        }
    }

    WriteFailed(Reason reason, TopicName topic, String words, @Nullable Throwable cause) {
        super(reason.code, reason.whose, reason.status, "Topic '" + topic + "': " + words, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /// The one translation of what Kafka's producer throws.
    static WriteFailed of(TopicName topic, Throwable cause) {
        return switch (cause) {
            case RecordTooLargeException e ->
                new WriteFailed(Reason.TOO_LARGE, topic, "the record is too large. " + e.getMessage(), e);
            case RecordBatchTooLargeException e ->
                new WriteFailed(Reason.TOO_LARGE, topic, "the record is too large. " + e.getMessage(), e);
            case AuthorizationException e -> notAllowed(topic, e);
            case AuthenticationException e -> notAllowed(topic, e);
            case InvalidTopicException e -> unknown(topic, e);
            case UnknownTopicOrPartitionException e -> unknown(topic, e);
            case TimeoutException e when e.getCause() instanceof UnknownTopicOrPartitionException -> unknown(topic, e);
            case TimeoutException e ->
                new WriteFailed(
                        Reason.TIMED_OUT,
                        topic,
                        "no acknowledgement in time, the record may or may not be written. " + e.getMessage(),
                        e);
            default -> new WriteFailed(Reason.REFUSED, topic, "the record was refused: " + cause.getMessage(), cause);
        };
    }

    private static WriteFailed notAllowed(TopicName topic, Throwable cause) {
        return new WriteFailed(Reason.NOT_ALLOWED, topic, "writing is not allowed. " + cause.getMessage(), cause);
    }

    private static WriteFailed unknown(TopicName topic, Throwable cause) {
        return new WriteFailed(Reason.TOPIC_UNKNOWN, topic, "no such topic or partition. " + cause.getMessage(), cause);
    }
}
