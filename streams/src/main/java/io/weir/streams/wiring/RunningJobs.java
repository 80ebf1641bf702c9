package io.weir.streams.wiring;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.weir.log.cluster.LogCluster;
import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.Runner;
import io.weir.streams.job.life.Jobs;
import io.weir.streams.job.life.JobsHere;
import io.weir.streams.job.life.JobsNode;
import io.weir.streams.job.life.JobsSettings;
import io.weir.streams.replay.ColdReader;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the jobs once the log runs, and closes them before it stops. A registry that cannot be read is tried again;
/// the rest of the node goes on meanwhile.
@Singleton
public class RunningJobs implements JobsHere {
    private static final Logger LOG = LoggerFactory.getLogger(RunningJobs.class);
    private static final String ROLE = "jobs";
    private static final int BEFORE_THE_NODE = 100;
    private static final Duration RETRY = Duration.ofSeconds(2);

    /// How long a request waits for jobs that are opening. Covers a slow start, stays below clients' own timeouts.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// How old metrics of jobs may be.
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final Duration TICK = Duration.ofMillis(50);

    private final LogCluster cluster;
    private final JobsSettings settings;
    private final Runner runner;
    private final @Nullable ColdReader archive;
    private final boolean wanted;
    private final ScheduledExecutorService opener = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("weir-jobs-opener").factory());

    /// Guards `node` and `closed` against an opening that ends while the process stops.
    private final Object lock = new Object();

    private @Nullable JobsNode node;
    private boolean closed;

    /// Completed with the jobs once they are open, cancelled when the process stops before.
    private final CompletableFuture<Jobs> opened = new CompletableFuture<>();

    private final Supplier<URI> address;
    private final JobMeters meters;
    private final Duration patience;
    private volatile String waitingFor = "the log";

    @Inject
    RunningJobs(
            LogCluster cluster,
            JobsConfig config,
            Runner runner,
            Instance<ColdReader> archive,
            JobMeters meters,
            NodeAddress address,
            @ConfigProperty(name = "weir.data.dir", defaultValue = "weir-data") Path data,
            @ConfigProperty(name = "weir.roles", defaultValue = "controller,broker,connect,jobs,query")
                    List<String> roles) {
        this(
                cluster,
                config,
                runner,
                archive.isResolvable() ? archive.get() : null,
                address,
                meters,
                data,
                roles,
                PATIENCE);
    }

    RunningJobs(
            LogCluster cluster,
            JobsConfig config,
            Runner runner,
            @Nullable ColdReader archive,
            Supplier<URI> address,
            JobMeters meters,
            Path data,
            List<String> roles,
            Duration patience) {
        this.archive = archive;
        this.address = address;
        this.meters = meters;
        this.patience = patience;
        this.cluster = cluster;
        this.runner = runner;
        this.wanted = roles.stream().map(String::strip).anyMatch(ROLE::equals);
        Path jobs = data.toAbsolutePath().normalize().resolve("jobs");
        this.settings = new JobsSettings(
                config.threads(),
                config.stateDir().orElse(jobs.resolve("state")).toAbsolutePath(),
                jobs.resolve("artifacts"),
                Runtime.version().feature(),
                TICK,
                config.stopTimeout());
    }

    @Override
    public Jobs jobs() {
        return jobs(patience);
    }

    @Override
    public Jobs jobsNow() {
        return jobs(Duration.ZERO);
    }

    @Override
    public URI address() {
        return address.get();
    }

    private String hostAndPort() {
        URI reachedAt = address.get();
        int usual = "https".equals(reachedAt.getScheme()) ? HTTPS : HTTP;
        return reachedAt.getHost() + ":" + (reachedAt.getPort() < 0 ? usual : reachedAt.getPort());
    }

    private Jobs jobs(Duration wait) {
        if (!wanted) {
            throw WeirException.conflict(
                    "jobs-not-here",
                    "Jobs: this node does not have the role 'jobs'. Ask one that has, see weir.roles.");
        }
        try {
            return opened.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw starting();
        } catch (TimeoutException | CancellationException e) {
            throw starting();
        } catch (ExecutionException e) {
            throw new IllegalStateException("Opening jobs never ends with a failure, it is tried again", e);
        }
    }

    private WeirException starting() {
        return new WeirException(
                "jobs-starting", Whose.EXTERNAL, "Jobs: are not there yet, waiting for " + waitingFor + ". Try again.");
    }

    void onStart(@Observes StartupEvent event) {
        if (wanted) {
            cluster.running().thenAcceptAsync(this::open, opener);
        }
    }

    void onStop(@Observes @Priority(BEFORE_THE_NODE) ShutdownEvent event) {
        JobsNode present;
        synchronized (lock) {
            closed = true;
            present = node;
            node = null;
        }
        waitingFor = "nothing: this node stops";
        opened.cancel(false);
        opener.shutdownNow();
        if (present != null) {
            present.close();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // opening reports its own failures
    private void open(LogConnection connection) {
        waitingFor = "the registry of jobs";
        try {
            JobsNode ready = JobsNode.open(connection, settings.at(hostAndPort()), runner, archive, Clock.systemUTC());
            if (!keep(ready)) {
                ready.close();
            }
        } catch (RuntimeException e) {
            LOG.warn("Jobs could not be opened, trying again cause={}", e.getMessage());
            waitingFor = "the registry of jobs (" + e.getMessage() + ")";
            opener.schedule(() -> open(connection), RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // ends with the process; a look never throws
    private void lookAt(Jobs jobs) {
        opener.scheduleWithFixedDelay(
                () -> {
                    try {
                        meters.refresh(jobs);
                    } catch (RuntimeException e) {
                        LOG.debug("Jobs could not be looked at for metrics", e);
                    }
                },
                0,
                LOOK.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private boolean keep(JobsNode ready) {
        synchronized (lock) {
            if (closed) {
                return false;
            }
            node = ready;
        }
        opened.complete(ready.jobs());
        lookAt(ready.jobs());
        return true;
    }
}
