package io.weir.log.wiring;

import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A host that is chosen when it prepares, so that other beans can depend on it before the settings were checked.
final class DeferredLogHost implements LogHost {
    private final Supplier<LogHost> choice;
    private final CompletableFuture<LogConnection> running = new CompletableFuture<>();
    private volatile @Nullable LogHost chosen;

    DeferredLogHost(Supplier<LogHost> choice) {
        this.choice = choice;
    }

    @Override
    public void prepare() {
        LogHost host = choice.get();
        host.prepare();
        host.running().whenComplete((connection, failure) -> {
            if (failure != null) {
                running.completeExceptionally(failure);
            } else {
                running.complete(connection);
            }
        });
        chosen = host;
    }

    @Override
    public void start() {
        require().start();
    }

    @Override
    public boolean stop(Duration within) {
        LogHost host = chosen;
        return host == null || host.stop(within);
    }

    @Override
    public CompletionStage<LogConnection> running() {
        return running.minimalCompletionStage();
    }

    @Override
    public boolean embedded() {
        LogHost host = chosen;
        return host != null && host.embedded();
    }

    @Override
    public void roll(TopicName topic, int partition) {
        require().roll(topic, partition);
    }

    @Override
    public Health health() {
        LogHost host = chosen;
        return host == null ? new Health(true, false, "Preparing", false) : host.health();
    }

    @Override
    public CompletionStage<Serving> serving() {
        return require().serving();
    }

    private LogHost require() {
        LogHost host = chosen;
        if (host == null) {
            throw new WeirException("node-not-ready", Whose.EXTERNAL, "Node: it is not prepared yet.");
        }
        return host;
    }
}
