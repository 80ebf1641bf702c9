package io.weir.connect.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import io.weir.connect.connector.ConnectorPath;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorOffsets;
import org.apache.kafka.connect.runtime.rest.entities.Message;
import org.apache.kafka.connect.runtime.rest.errors.BadRequestException;
import org.apache.kafka.connect.util.FutureCallback;
import org.jspecify.annotations.Nullable;

/// Reading, altering and resetting the offsets of a connector (KIP-875): source partitions, or the consumer group
/// of a sink.
final class OffsetCalls {
    private static final TypeReference<Message> MESSAGE = new TypeReference<>() {};

    private final Exchange exchange;

    OffsetCalls(Exchange exchange) {
        this.exchange = exchange;
    }

    Reply get(String name) {
        return exchange.answer(
                new Caller(null, null),
                live -> Reply.json(
                        200,
                        Exchange.<ConnectorOffsets>complete(
                                live, (herder, callback) -> herder.connectorOffsets(name, callback))));
    }

    Reply alter(Caller caller, String name, byte[] body) {
        return exchange.answer(caller, live -> {
            ConnectorOffsets offsets = Json.read(
                    body, new TypeReference<>() {}, "an object with 'offsets', a list of 'partition' and 'offset'");
            if (offsets.offsets() == null || offsets.offsets().isEmpty()) {
                throw new BadRequestException("Partitions / offsets need to be provided for an alter offsets request");
            }
            FutureCallback<Message> callback = new FutureCallback<>();
            live.herder().alterConnectorOffsets(name, offsets.toMap(), callback);
            return changed(live, caller, callback, name, "PATCH", offsets);
        });
    }

    Reply reset(Caller caller, String name) {
        return exchange.answer(caller, live -> {
            FutureCallback<Message> callback = new FutureCallback<>();
            live.herder().resetConnectorOffsets(name, callback);
            return changed(live, caller, callback, name, "DELETE", null);
        });
    }

    private static Reply changed(
            LiveWorker live,
            Caller caller,
            FutureCallback<Message> callback,
            String name,
            String method,
            @Nullable Object body)
            throws Throwable {
        Message message = live.requests()
                .completeOrForwardRequest(
                        callback,
                        ConnectorPath.of(name) + "/offsets",
                        method,
                        CallerHeaders.of(caller),
                        body,
                        MESSAGE,
                        caller.forward());
        return Reply.json(200, message);
    }
}
