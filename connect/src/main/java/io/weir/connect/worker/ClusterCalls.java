package io.weir.connect.worker;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.runtime.rest.entities.ServerInfo;
import org.apache.kafka.connect.runtime.rest.entities.WorkerStatus;
import org.apache.kafka.connect.util.FutureCallback;
import org.apache.kafka.connect.util.StagedTimeoutException;
import org.jspecify.annotations.Nullable;

/// `GET /` and `GET /health`.
final class ClusterCalls {
    private static final long HEALTH_TIMEOUT_SECONDS = 10;

    private final ConnectWorker worker;
    private final Exchange exchange;

    ClusterCalls(ConnectWorker worker, Exchange exchange) {
        this.worker = worker;
        this.exchange = exchange;
    }

    Reply root() {
        return exchange.answer(
                new Caller(null, null),
                live -> Reply.json(200, new ServerInfo(live.herder().kafkaClusterId())));
    }

    /// 200 when the herder's thread answers, 503 while it starts, 500 when it does not answer any more.
    Reply health() {
        LiveWorker live = worker.built().orElse(null);
        if (live == null || !live.herder().isReady()) {
            return Reply.json(503, WorkerStatus.starting(detail()));
        }
        FutureCallback<Void> callback = new FutureCallback<>();
        live.herder().healthCheck(callback);
        try {
            callback.get(HEALTH_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            return Reply.json(200, WorkerStatus.healthy());
        } catch (StagedTimeoutException e) {
            return Reply.json(500, WorkerStatus.unhealthy(e.stage().summarize()));
        } catch (TimeoutException e) {
            return Reply.json(500, WorkerStatus.unhealthy(null));
        } catch (ExecutionException e) {
            return Failures.reply(e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Failures.error(500, "Request interrupted");
        }
    }

    private @Nullable String detail() {
        return worker.state() instanceof WorkerState.Failed failed ? "The last attempt ended: " + failed.cause() : null;
    }
}
