package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.weir.streams.dsl.WindowKey;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// Sends records that cannot be read or processed to the dead letter topic of the job, with their original
/// bytes and with headers that say what happened (KIP-1033, KIP-1034, and `weir.*`), and lets the job go
/// on. What is not the record's or the job's fault ends the job. Made by Streams, one per task and kind.
public final class DeadLetters implements ProcessingExceptionHandler, DeserializationExceptionHandler {
    /// Header: how often the record has failed by now; missing for the first time.
    private static final String ATTEMPT = "weir.attempt";

    @SuppressWarnings("NullAway.Init") // Streams calls configure after the constructor
    private RunContext job;

    @Override
    public void configure(Map<String, ?> settings) {
        job = (RunContext) Objects.requireNonNull(settings.get(RunContext.SETTING), RunContext.SETTING);
    }

    /// A record that does not bind to its row type.
    @Override
    public DeserializationExceptionHandler.Response handleError(
            ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
        if (exception instanceof SchemaUnavailable) {
            job.fatal()
                    .compareAndSet(
                            null, new RunContext.FatalRecord(context.processorNodeId(), position(context), exception));
            return DeserializationExceptionHandler.Response.fail();
        }
        ProducerRecord<byte[], byte[]> letter = letter(record.timestamp(), record.key(), record.value());
        return DeserializationExceptionHandler.Response.resume(
                List.of(explained(letter, context.processorNodeId(), context, exception)));
    }

    /// A record that a stage has refused, or an error of the engine.
    @Override
    public ProcessingExceptionHandler.Response handleError(
            ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
        boolean ofTheJob =
                exception instanceof StageFailure || (job.ownCode() && !(exception instanceof KafkaException));
        if (!ofTheJob) {
            job.fatal()
                    .compareAndSet(
                            null, new RunContext.FatalRecord(context.processorNodeId(), position(context), exception));
            return ProcessingExceptionHandler.Response.fail();
        }
        ProducerRecord<byte[], byte[]> letter = record == null ? original(context) : letter(context, record);
        return ProcessingExceptionHandler.Response.resume(
                List.of(explained(letter, stage(context, exception), context, exception)));
    }

    private static String stage(ErrorHandlerContext context, Exception exception) {
        return exception instanceof StageFailure failure ? failure.stage() : context.processorNodeId();
    }

    /// What has no original bytes is sent as it is: a windowed row, and a row that has waited for a match
    /// until another record came.
    private ProducerRecord<byte[], byte[]> letter(ErrorHandlerContext context, Record<?, ?> record) {
        if (record.key() instanceof WindowKey<?> key) {
            return letter(record.timestamp(), json(key), json(record.value()));
        }
        if (record.value() instanceof Match match && !match.isPair()) {
            Object alone = match.left() == null ? match.right() : match.left();
            return letter(record.timestamp(), json(record.key()), json(alone));
        }
        if (record.value() instanceof TimerDue timer) {
            return letter(record.timestamp(), json(record.key()), json(timer));
        }
        return original(context);
    }

    private ProducerRecord<byte[], byte[]> original(ErrorHandlerContext context) {
        return letter(context.timestamp(), context.sourceRawKey(), context.sourceRawValue());
    }

    private ProducerRecord<byte[], byte[]> letter(
            long timestampMillis, byte @Nullable [] key, byte @Nullable [] value) {
        job.counters().deadLetters.increment();
        return new ProducerRecord<>(job.deadLetters(), null, Math.max(0, timestampMillis), key, value);
    }

    private ProducerRecord<byte[], byte[]> explained(
            ProducerRecord<byte[], byte[]> record, String stage, ErrorHandlerContext context, Exception exception) {
        Headers headers = record.headers();
        if (context.headers() != null) {
            context.headers().forEach(headers::add);
        }
        add(headers, "__streams.errors.exception", exception.getClass().getName());
        add(headers, "__streams.errors.message", String.valueOf(exception.getMessage()));
        add(headers, "__streams.errors.stacktrace", stackTrace(exception));
        add(headers, "__streams.errors.topic", context.topic());
        add(headers, "__streams.errors.partition", String.valueOf(context.partition()));
        add(headers, "__streams.errors.offset", String.valueOf(context.offset()));
        add(headers, "weir.job", job.job());
        add(headers, "weir.version", String.valueOf(job.version()));
        add(headers, "weir.stage", stage);
        int before = job.attempts().getOrDefault(position(context), 0);
        if (before > 0) {
            headers.remove(ATTEMPT);
            add(headers, ATTEMPT, String.valueOf(before + 1));
        }
        RunContext.Scenario scenario = job.scenario();
        if (scenario != null) {
            scenario.letters().add(record);
        }
        return record;
    }

    private static String stackTrace(Exception exception) {
        StringWriter text = new StringWriter();
        exception.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    static String position(ErrorHandlerContext context) {
        return context.topic() + "-" + context.partition() + "@" + context.offset();
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        headers.add(name, String.valueOf(value).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] json(@Nullable Object value) {
        if (value instanceof byte[] bytes) {
            return bytes;
        }
        if (value instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Json.mapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
        }
    }
}
