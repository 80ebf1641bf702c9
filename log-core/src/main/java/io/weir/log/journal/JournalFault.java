package io.weir.log.journal;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/// Words for what can go wrong with one journal.
record JournalFault(TopicName topic) {
    WeirException closed() {
        return new WeirException("journal-closed", Whose.EXTERNAL, named("is closed, the node is stopping."));
    }

    WeirException broken(Throwable cause) {
        return new WeirException(
                "journal-broken",
                Whose.INTERNAL,
                named("an entry could not be applied (" + cause + "); restart the node with a version that reads it."),
                cause);
    }

    WeirException timeout(Duration deadline, String what, @Nullable Throwable cause) {
        String because = cause == null ? "" : " Last problem: " + cause.getMessage();
        return new WeirException(
                "journal-timeout",
                Whose.EXTERNAL,
                named(what + " within " + seconds(deadline) + ". Is the cluster reachable and has it a leader for"
                        + " this topic?" + because),
                cause);
    }

    WeirException wrongShape(String found) {
        return new WeirException(
                "journal-topic-mismatch",
                Whose.USER,
                named("must be a topic with 1 partition and cleanup.policy=compact, got " + found
                        + ". It holds Weir's own state: do not create or alter it by hand."));
    }

    /// The failure of one call to Kafka, as its user reads it.
    WeirException of(Throwable failure, String doing) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof WeirException known) {
            return known;
        }
        if (cause instanceof RecordTooLargeException) {
            return new WeirException(
                    "journal-entry-too-large",
                    Whose.INTERNAL,
                    named("an entry is larger than the topic takes: " + cause.getMessage()),
                    cause);
        }
        if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
            return new WeirException(
                    "journal-not-allowed",
                    Whose.EXTERNAL,
                    named("the node's own user may not " + doing + ": " + cause.getMessage()),
                    cause);
        }
        return new WeirException(
                "journal-unavailable", Whose.EXTERNAL, named("failed to " + doing + ": " + cause.getMessage()), cause);
    }

    private String named(String rest) {
        return "Journal '" + topic + "': " + rest;
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
