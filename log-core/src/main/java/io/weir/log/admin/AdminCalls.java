package io.weir.log.admin;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/// Waits for answers of Kafka's admin client and puts its failures into our words: the one place where that
/// happens.
final class AdminCalls {
    private final Duration longest;

    /// @param longest how long one answer may take
    AdminCalls(Duration longest) {
        this.longest = longest;
    }

    /// @param subject begins the message of a failure: `Topic 'orders'`
    <T> T await(@Nullable KafkaFuture<T> answer, String subject) {
        try {
            return awaitOrCause(answer, subject);
        } catch (ExecutionException e) {
            throw translated(e.getCause() == null ? e : e.getCause(), subject);
        }
    }

    /// For callers that have words of their own for some causes; all others go to [#translated].
    <T> T awaitOrCause(@Nullable KafkaFuture<T> answer, String subject) throws ExecutionException {
        if (answer == null) {
            throw new IllegalStateException(subject + ": the admin client gave no answer to a question.");
        }
        try {
            return answer.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw unavailable(subject, "no answer within " + longest.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(subject, "interrupted, the node is stopping", e);
        }
    }

    static WeirException translated(@Nullable Throwable cause, String subject) {
        String words = cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage();
        if (cause instanceof WeirException known) {
            return known;
        }
        if (cause instanceof AuthorizationException || cause instanceof AuthenticationException) {
            return new WeirException("not-allowed", Whose.USER, 403, subject + ": not allowed. " + words, cause);
        }
        if (cause instanceof RetriableException) {
            return unavailable(subject, words, cause);
        }
        return new WeirException(
                "log-refused", Whose.USER, 400, subject + ": the log refused it: " + lowerFirst(words), cause);
    }

    private static WeirException unavailable(String subject, String words, @Nullable Throwable cause) {
        return new WeirException(
                "log-unavailable",
                Whose.EXTERNAL,
                subject + ": the log did not answer (" + words + "). Is a majority of the cluster's nodes up?",
                cause);
    }

    private static String lowerFirst(String words) {
        return words.isEmpty() ? words : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }
}
