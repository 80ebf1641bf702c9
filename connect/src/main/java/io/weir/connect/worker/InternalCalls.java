package io.weir.connect.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import io.weir.connect.connector.ConnectorPath;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.runtime.distributed.Crypto;
import org.apache.kafka.connect.runtime.rest.InternalRequestSignature;
import org.apache.kafka.connect.util.FutureCallback;
import org.jspecify.annotations.Nullable;

/// Requests of the other workers of the group, signed with the group's session key (KIP-507).
final class InternalCalls {
    private static final TypeReference<List<Map<String, String>>> TASK_CONFIGS = new TypeReference<>() {};

    private final Exchange exchange;

    InternalCalls(Exchange exchange) {
        this.exchange = exchange;
    }

    /// @param signature base64 of the MAC over the body's exact bytes
    /// @param algorithm name of the MAC
    record Signature(@Nullable String signature, @Nullable String algorithm) {}

    Reply putTaskConfigs(Caller caller, String name, Signature signature, byte[] body) {
        return exchange.answer(caller, live -> {
            List<Map<String, String>> configs = Json.read(body, TASK_CONFIGS, "a list of task configurations");
            FutureCallback<Void> callback = new FutureCallback<>();
            live.herder().putTaskConfigs(name, configs, callback, verified(signature, body));
            live.requests()
                    .completeOrForwardRequest(
                            callback,
                            ConnectorPath.of(name) + "/tasks",
                            "POST",
                            CallerHeaders.of(caller),
                            configs,
                            caller.forward());
            return Reply.empty(204);
        });
    }

    Reply fence(Caller caller, String name, Signature signature, byte[] body) {
        return exchange.answer(caller, live -> {
            FutureCallback<Void> callback = new FutureCallback<>();
            live.herder().fenceZombieSourceTasks(name, callback, verified(signature, body));
            live.requests()
                    .completeOrForwardRequest(
                            callback,
                            ConnectorPath.of(name) + "/fence",
                            "PUT",
                            CallerHeaders.of(caller),
                            null,
                            caller.forward());
            return Reply.empty(204);
        });
    }

    /// The signature for the herder to check, which refuses a missing one (400), a wrong one (403), and any as long
    /// as it has not read the key (503).
    // Null is how the runtime expresses a request without a signature.
    @SuppressWarnings("NullAway")
    private static InternalRequestSignature verified(Signature signature, byte[] body) {
        HttpHeaders headers = CallerHeaders.signed(
                InternalRequestSignature.SIGNATURE_HEADER,
                signature.signature(),
                InternalRequestSignature.SIGNATURE_ALGORITHM_HEADER,
                signature.algorithm());
        return InternalRequestSignature.fromHeaders(Crypto.SYSTEM, body, headers);
    }
}
