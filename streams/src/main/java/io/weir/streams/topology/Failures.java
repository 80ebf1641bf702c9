package io.weir.streams.topology;

import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunState.Owner;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.apache.kafka.streams.errors.StreamsException;
import org.jspecify.annotations.Nullable;

/// The one place that turns what the engine throws into a state for the user.
final class Failures {
    private Failures() {}

    /// @param record the record it happened at, if one is known
    static RunState.Failed state(Throwable thrown, RunContext.@Nullable FatalRecord record) {
        Throwable root = root(thrown);
        if (root instanceof PlanRefused refused) {
            return new RunState.Failed(Owner.USER, refused.operator(), "", String.valueOf(refused.getMessage()));
        }
        return new RunState.Failed(
                owner(root),
                record == null ? "" : record.stage(),
                record == null ? "" : record.position(),
                sentence(root));
    }

    static Owner owner(@Nullable Throwable thrown) {
        return switch (thrown) {
            case null -> Owner.INTERNAL;
            case PlanRefused refused -> Owner.USER;
            case LinkageError missingClass -> Owner.USER;
            case StackOverflowError endless -> Owner.USER;
            case VirtualMachineError machine -> Owner.INTERNAL;
            case Error ofTheJob -> Owner.USER;
            case MissingSourceTopicException missing -> Owner.USER;
            case InvalidOffsetException gone -> Owner.USER;
            case AuthenticationException denied -> Owner.USER;
            case AuthorizationException denied -> Owner.USER;
            case RecordTooLargeException large -> Owner.USER;
            case ConfigException config -> Owner.USER;
            case ApiException answer -> Owner.EXTERNAL;
            case StreamsException streams -> Owner.INTERNAL;
            case KafkaException kafka -> Owner.EXTERNAL;
            default -> Owner.INTERNAL;
        };
    }

    static String sentence(Throwable thrown) {
        return switch (thrown) {
            case MissingSourceTopicException missing ->
                "A topic that the job reads has gone. Create it again, then start the job. (" + missing.getMessage()
                        + ")";
            default ->
                thrown.getMessage() == null
                        ? thrown.getClass().getSimpleName()
                        : thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
        };
    }

    /// What lies below the wrappings of Streams.
    private static Throwable root(Throwable thrown) {
        Throwable root = thrown;
        while (root instanceof StreamsException
                && !(root instanceof MissingSourceTopicException)
                && root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
