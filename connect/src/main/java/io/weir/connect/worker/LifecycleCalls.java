package io.weir.connect.worker;

import com.fasterxml.jackson.core.type.TypeReference;
import io.weir.connect.connector.ConnectorPath;
import java.util.Map;
import org.apache.kafka.connect.runtime.RestartRequest;
import org.apache.kafka.connect.runtime.rest.HerderRequestHandler.IdentityTranslator;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.apache.kafka.connect.util.ConnectorTaskId;
import org.apache.kafka.connect.util.FutureCallback;

/// Pause, resume, stop, restart.
final class LifecycleCalls {
    private static final TypeReference<ConnectorStateInfo> STATE = new TypeReference<>() {};

    private final Exchange exchange;

    LifecycleCalls(Exchange exchange) {
        this.exchange = exchange;
    }

    Reply pause(String name) {
        return exchange.answer(new Caller(null, null), live -> {
            live.herder().pauseConnector(name);
            return Reply.empty(202);
        });
    }

    Reply resume(String name) {
        return exchange.answer(new Caller(null, null), live -> {
            live.herder().resumeConnector(name);
            return Reply.empty(202);
        });
    }

    Reply stop(Caller caller, String name) {
        return exchange.answer(caller, live -> {
            FutureCallback<Void> callback = new FutureCallback<>();
            live.herder().stopConnector(name, callback);
            return done(live, caller, callback, ConnectorPath.of(name) + "/stop", "PUT");
        });
    }

    Reply restartTask(Caller caller, String name, int task) {
        return exchange.answer(caller, live -> {
            FutureCallback<Void> callback = new FutureCallback<>();
            live.herder().restartTask(new ConnectorTaskId(name, task), callback);
            return done(live, caller, callback, ConnectorPath.of(name) + "/tasks/" + task + "/restart", "POST");
        });
    }

    /// Without a flag only the connector instance, answered by 204; with one the chosen instances, answered by 202
    /// and their states.
    Reply restart(Caller caller, RestartRequest request) {
        String path = ConnectorPath.of(request.connectorName()) + "/restart";
        if (request.forceRestartConnectorOnly()) {
            return exchange.answer(caller, live -> {
                FutureCallback<Void> callback = new FutureCallback<>();
                live.herder().restartConnector(request.connectorName(), callback);
                return done(live, caller, callback, path, "POST");
            });
        }
        return exchange.answer(caller, live -> {
            FutureCallback<ConnectorStateInfo> callback = new FutureCallback<>();
            live.herder().restartConnectorAndTasks(request, callback);
            Map<String, String> query = Map.of(
                    "includeTasks", Boolean.toString(request.includeTasks()),
                    "onlyFailed", Boolean.toString(request.onlyFailed()));
            ConnectorStateInfo state = live.requests()
                    .completeOrForwardRequest(
                            callback,
                            path,
                            "POST",
                            CallerHeaders.of(caller),
                            query,
                            null,
                            STATE,
                            new IdentityTranslator<>(),
                            caller.forward());
            return Reply.json(202, state);
        });
    }

    private static Reply done(LiveWorker live, Caller caller, FutureCallback<Void> callback, String path, String method)
            throws Throwable {
        live.requests()
                .completeOrForwardRequest(callback, path, method, CallerHeaders.of(caller), null, caller.forward());
        return Reply.empty(204);
    }
}
