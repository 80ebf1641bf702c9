package io.weir.streams.topology;

import io.weir.streams.dsl.Stage;
import io.weir.streams.job.RunCounts;
import io.weir.streams.job.RunEnding;
import io.weir.streams.job.RunEngine;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.job.state.StateReads;
import io.weir.streams.replay.ColdSource;
import io.weir.streams.replay.ReplayControl;
import io.weir.streams.replay.ReplaySettings;
import io.weir.streams.replay.ReplayTier;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One version of a job in a `KafkaStreams` object of its own. Starting, which asks the log, happens on a
/// thread of its own; stopping waits for it.
///
/// The first failure is kept: what Streams says while it shuts down after it does not replace it.
final class StreamsVersion implements RunningVersion {
    private static final Logger LOG = LoggerFactory.getLogger(StreamsVersion.class);

    private final RunSpec spec;
    private final Clock clock;
    private final long rocksDbBytes;
    private final SchemaLookup schemas;
    private final @Nullable ColdSource cold;
    private final StageCounters counters = new StageCounters();
    private final RunContext context;
    private final OutputTopics outputs;
    private final ReplayControl control;
    private final RestoreProgress restore = new RestoreProgress();
    private final Thread starter;

    /// Guards the fields that start and stop change: `streams`, `admin`, `stopping`.
    private final ReentrantLock lifecycle = new ReentrantLock();

    private volatile @Nullable KafkaStreams streams;
    private volatile @Nullable StoreReads reads;
    private volatile @Nullable Admin admin;
    private volatile boolean stopping;
    private volatile RunState.@Nullable Failed failed;
    private volatile boolean stopped;
    private final @Nullable Ending ending;
    private volatile boolean clean;

    StreamsVersion(RunSpec spec, Clock clock, long rocksDbBytes, SchemaLookup schemas, @Nullable ColdSource cold) {
        this.cold = cold;
        this.spec = spec;
        this.clock = clock;
        this.rocksDbBytes = rocksDbBytes;
        this.schemas = schemas;
        this.ending = spec.end() == null ? null : new Ending(spec.plan());
        this.context = new RunContext(spec, counters, ending);
        this.outputs = new OutputTopics(spec.outputs());
        this.control = new ReplayControl(spec.history(), clock);
        this.starter = new Thread(this::prepareAndRun, "weir-job-" + spec.applicationId() + "-start");
        this.starter.setDaemon(true);
        this.starter.setContextClassLoader(spec.classes());
    }

    void start() {
        starter.start();
    }

    /// Runs on the starter thread, whose context class loader the stream threads inherit.
    private void prepareAndRun() {
        try {
            Map<String, Object> clients = new HashMap<>(spec.clientProperties());
            clients.put(CommonClientConfigs.CLIENT_ID_CONFIG, spec.applicationId() + "-topics");
            clients.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, List.of());
            Admin asked = Admin.create(clients);
            if (!keep(asked)) {
                return;
            }
            Topics topics = new Topics(asked, spec);
            Map<String, Integer> sources = topics.sources();
            StreamsConfig config = new StreamsConfig(StreamsSettings.of(spec, context, rocksDbBytes));
            Topology topology = PlanCompiler.compile(spec.plan(), config, sources, clock, counters, outputs, schemas);
            topics.prepareOutputs(Partitions.of(spec.plan(), sources), context.deadLetters());
            control.sources(partitions(sources, globals(topology)), tables());
            run(topology, config, sources);
        } catch (StartRefused refused) {
            fail(refused.state(), refused);
        } catch (RuntimeException | LinkageError e) {
            fail(Failures.state(e, null), e);
        }
    }

    /// Topics that every process reads whole, with a consumer that nobody holds back.
    private static Set<String> globals(Topology topology) {
        return topology.describe().globalStores().stream()
                .flatMap(global -> global.source().topicSet().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static List<TopicPartition> partitions(Map<String, Integer> counts, Set<String> without) {
        List<TopicPartition> partitions = new ArrayList<>();
        counts.forEach((topic, count) -> {
            for (int partition = 0; partition < count && !without.contains(topic); partition++) {
                partitions.add(new TopicPartition(topic, partition));
            }
        });
        return partitions;
    }

    private Set<String> tables() {
        return spec.plan().stages().stream()
                .filter(stage -> stage instanceof Stage.Source source && source.table())
                .map(stage -> ((Stage.Source) stage).topic())
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean keep(Admin asked) {
        lifecycle.lock();
        try {
            if (stopping) {
                asked.close(Duration.ZERO);
                return false;
            }
            admin = asked;
            return true;
        } finally {
            lifecycle.unlock();
        }
    }

    private void run(Topology topology, StreamsConfig config, Map<String, Integer> sources) {
        lifecycle.lock();
        try {
            if (stopping) {
                return;
            }
            SourceTimes times = new SourceTimes(spec.plan(), clock, outputs, schemas);
            KafkaStreams made = new KafkaStreams(
                    topology, config, new ReplayClients(control, times::of, coldSource(times, sources)));
            made.setGlobalStateRestoreListener(restore);
            made.setUncaughtExceptionHandler(thrown -> {
                fail(Failures.state(thrown, context.fatal().get()), thrown);
                return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
            });
            streams = made;
            reads = new StoreReads(
                    made, StoreCatalog.of(spec.plan(), topology, spec.applicationId()), advertised(config));
            made.start();
        } finally {
            lifecycle.unlock();
        }
    }

    /// Each stream thread has a consumer, which takes its part of the memory.
    private @Nullable ColdSource coldSource(SourceTimes rows, Map<String, Integer> sources) {
        ReplaySettings history = spec.history();
        if (history == null || history.tier() == ReplayTier.T1) {
            return null;
        }
        if (cold == null) {
            LOG.warn(
                    "This node has no archive, the replay reads through the broker job={} version={}",
                    spec.job(),
                    spec.version());
            return null;
        }
        ColdSource records = cold.dividedBy(spec.threads()).preparedBy(rows::readAhead);
        // what comes too late for a snapshot is told record by record
        boolean whole = history.beforeMillis() < 0;
        return whole && history.tier() == ReplayTier.T3 ? folded(records, history, sources) : records;
    }

    private ColdSource folded(ColdSource records, ReplaySettings history, Map<String, Integer> sources) {
        ColdSource.Columns columns = records.columns();
        try {
            if (columns != null) {
                FoldPlan plan = FoldRules.of(spec.plan());
                ColumnsFold fold = new ColumnsFold(plan.window(), Json.mapper());
                return records.readBy(new FoldingReader(
                        records.reader(),
                        columns.fold(),
                        plan,
                        new FoldStates(plan, fold),
                        history,
                        sources.getOrDefault(plan.source().topic(), 0),
                        clock,
                        columns.limits()));
            }
            LOG.warn(
                    "This node folds no columns, the replay reads records job={} version={}",
                    spec.job(),
                    spec.version());
        } catch (FoldRefused e) {
            LOG.warn(
                    "The plan cannot be folded, the replay reads records job={} version={} cause={}",
                    spec.job(),
                    spec.version(),
                    e.getMessage());
        }
        return records;
    }

    private static @Nullable HostInfo advertised(StreamsConfig config) {
        String server = config.getString(StreamsConfig.APPLICATION_SERVER_CONFIG);
        return server == null || server.isEmpty() ? null : HostInfo.buildFromEndpoint(server);
    }

    private void fail(RunState.Failed state, Throwable cause) {
        if (failed == null && !stopping) {
            failed = state;
            LOG.atError()
                    .addKeyValue("job", spec.job())
                    .addKeyValue("version", spec.version())
                    .addKeyValue("stage", state.operator())
                    .addKeyValue("position", state.position())
                    .setCause(cause)
                    .log("job failed");
        }
    }

    @Override
    public RunState state() {
        RunState.Failed failure = failed;
        if (failure != null) {
            return failure;
        }
        if (stopped) {
            return new RunState.Stopped();
        }
        KafkaStreams running = streams;
        if (running == null) {
            return new RunState.Starting();
        }
        return switch (running.state()) {
            case RUNNING -> restore.underWay() ? restoring() : new RunState.Running();
            case CREATED, REBALANCING -> restore.underWay() ? restoring() : new RunState.Starting();
            case PENDING_SHUTDOWN, NOT_RUNNING -> new RunState.Stopped();
            case PENDING_ERROR, ERROR ->
                new RunState.Failed(
                        RunState.Owner.INTERNAL, "", "", "Kafka Streams has ended without telling why. See the log.");
        };
    }

    private RunState restoring() {
        return new RunState.Restoring(restore.records());
    }

    @Override
    public Map<String, Long> lagBySource() {
        Admin asked = admin;
        return asked == null
                ? Map.of()
                : SourceLag.of(asked, spec.applicationId(), spec.plan().sources());
    }

    @Override
    public RunCounts counts() {
        return counters.counts();
    }

    @Override
    public RunEngine engine() {
        KafkaStreams running = streams;
        return running == null ? RunEngine.NONE : EngineCounts.of(running.metrics());
    }

    @Override
    public Optional<StateReads> reads() {
        return Optional.ofNullable(reads);
    }

    @Override
    public Optional<RunEnding> ending() {
        return Optional.ofNullable(ending);
    }

    @Override
    public boolean stoppedCleanly() {
        return clean && failed == null;
    }

    @Override
    public ReplayControl control() {
        return control;
    }

    @Override
    public void redirect(Map<String, String> topics) {
        outputs.redirect(topics);
    }

    @Override
    public void stop(Duration deadline) {
        lifecycle.lock();
        try {
            stopping = true;
            KafkaStreams running = streams;
            if (running != null && !stopped) {
                clean = running.close(CloseOptions.timeout(deadline)
                        .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            }
            Admin asked = admin;
            if (asked != null) {
                asked.close(Duration.ofSeconds(1));
                admin = null;
            }
            stopped = true;
            reads = null;
        } finally {
            lifecycle.unlock();
        }
        awaitStarter(deadline);
    }

    private void awaitStarter(Duration deadline) {
        try {
            starter.join(deadline.plusMillis(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
