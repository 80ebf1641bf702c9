package io.weir.connect.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.rest.errors.BadRequestException;
import org.jspecify.annotations.Nullable;

/// Levels of loggers, of this worker or of all workers of the group (KIP-495, KIP-976).
final class LoggerCalls {
    private static final Caller READER = new Caller(null, null);

    private final Exchange exchange;

    LoggerCalls(Exchange exchange) {
        this.exchange = exchange;
    }

    Reply all() {
        return exchange.answer(
                READER, live -> Reply.json(200, live.herder().logLevels().explicit()));
    }

    Reply get(String logger) {
        return exchange.answer(
                READER,
                live -> Reply.json(
                        200,
                        live.herder()
                                .logLevels()
                                .of(logger)
                                .orElseThrow(() -> new NotFoundException("Logger " + logger + " not found."))));
    }

    /// @param scope `cluster`, or anything else for this worker
    Reply set(String namespace, String scope, byte[] body) {
        return exchange.answer(READER, live -> {
            Map<String, @Nullable String> request = Json.read(body, new TypeReference<>() {}, "an object with 'level'");
            String level = request.get("level");
            if (level == null) {
                throw new BadRequestException("Desired 'level' parameter was not specified in request.");
            }
            if (!LogLevels.isLevel(level)) {
                throw new NotFoundException("invalid log level '" + level + "'. Known: " + LogLevels.known() + ".");
            }
            if ("cluster".equals(scope.toLowerCase(Locale.ROOT))) {
                live.herder().setClusterLoggerLevel(namespace, level.toUpperCase(Locale.ROOT));
                return Reply.empty(204);
            }
            return Reply.json(200, live.herder().setWorkerLoggerLevel(namespace, level));
        });
    }
}
