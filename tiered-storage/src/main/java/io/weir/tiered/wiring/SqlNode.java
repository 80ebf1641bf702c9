package io.weir.tiered.wiring;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.weir.log.cluster.KnownSettings;
import io.weir.log.cluster.LogCluster;
import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.journal.Journal;
import io.weir.tiered.archive.LakeSchemas;
import io.weir.tiered.query.ColdFiles;
import io.weir.tiered.query.KafkaTopicLog;
import io.weir.tiered.query.SqlEngine;
import io.weir.tiered.query.SqlSettings;
import io.weir.tiered.query.gate.FunctionList;
import io.weir.tiered.query.gate.Gate;
import io.weir.tiered.query.process.ChildPool;
import io.weir.tiered.query.process.ChildSettings;
import io.weir.tiered.query.schema.PinnedSchemas;
import io.weir.tiered.query.schema.TopicSchema;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.rest.SqlRole;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SQL in the life of the process: settings are read before anything opens, children and journal open once
/// the log answers, and all of it closes before the log does.
@Singleton
public class SqlNode implements SqlRole {
    private static final Logger LOG = LoggerFactory.getLogger(SqlNode.class);
    /// After the node's own preparation, and before its stop.
    private static final int AMONG_USERS_OF_THE_LOG = 1_000;

    private final Config config;
    private final LogCluster cluster;
    private final ColdFiles coldFiles;
    private final ArchiveHere archive;
    private final CatalogTopic catalog;

    /// Guards the opening and closing of what follows.
    private final Object lifecycle = new Object();

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean stopping;
    private volatile boolean present;
    private volatile @Nullable SqlEngine engine;
    private volatile @Nullable ChildPool children;
    private volatile @Nullable WeirException failure;

    @Inject
    SqlNode(Config config, LogCluster cluster, ColdFiles coldFiles, ArchiveHere archive, CatalogTopic catalog) {
        this.config = config;
        this.cluster = cluster;
        this.coldFiles = coldFiles;
        this.archive = archive;
        this.catalog = catalog;
    }

    @Produces
    @Singleton
    @Unremovable
    static KnownSettings sqlSettings() {
        return SqlConfig.known();
    }

    void prepare(@Observes @Priority(AMONG_USERS_OF_THE_LOG) StartupEvent event) {
        SqlConfig settings = new SqlConfig(config);
        if (!settings.roleIsOurs()) {
            return;
        }
        SqlSettings engineSettings;
        ChildSettings childSettings;
        try {
            engineSettings = settings.engine();
            childSettings = settings.children(Path.of(System.getProperty("java.home"), "bin", "java"));
        } catch (WeirException | IllegalArgumentException e) {
            LOG.error(e.getMessage());
            throw new PreventFurtherStepsException("Weir did not start.", 1);
        }
        present = true;
        cluster.running()
                .thenAccept(log -> Thread.ofPlatform()
                        .name("sql-start")
                        .daemon()
                        .start(() -> start(log, engineSettings, childSettings)));
    }

    private void start(LogConnection log, SqlSettings engineSettings, ChildSettings childSettings) {
        synchronized (lifecycle) {
            if (stopping) {
                return;
            }
            try {
                ChildPool pool = opened(ChildPool.open(childSettings));
                children = pool;
                Clock clock = Clock.systemUTC();
                KafkaTopicLog topics = opened(KafkaTopicLog.open(log, clock));
                Journal<Map<String, TopicSchema>> journal = new JournalPart<>(catalog.open(log), CatalogState::schemas);
                engine = opened(new SqlEngine(
                        engineSettings,
                        new SqlEngine.Parts(
                                topics,
                                topics::consumer,
                                coldFiles,
                                () -> archive.parts().store(),
                                new SqlTables(() -> LakeSchemas.of(log.clusterId())),
                                new PinnedSchemas(journal),
                                (principal, topic) -> true,
                                new Gate(FunctionList.shipped()),
                                pool,
                                clock,
                                () -> UUID.randomUUID().toString())));
                LOG.info("SQL is ready");
            } catch (WeirException e) {
                LOG.warn("SQL is not available: {}", e.getMessage());
                failure = e;
                closeAll();
            } catch (IOException | RuntimeException e) {
                LOG.warn("SQL is not available", e);
                failure = new WeirException("sql-not-started", Whose.INTERNAL, "SQL: could not start: " + e, e);
                closeAll();
            }
        }
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private void closeAll() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                LOG.warn("A part of SQL did not close", e);
            }
        }
    }

    void stop(@Observes @Priority(AMONG_USERS_OF_THE_LOG) ShutdownEvent event) {
        synchronized (lifecycle) {
            stopping = true;
            engine = null;
            closeAll();
        }
    }

    /// Process ids of the children, for the health page.
    List<Long> children() {
        ChildPool pool = children;
        return pool == null ? List.of() : pool.pids();
    }

    /// Why SQL is not there, if it could not be started.
    @Nullable
    WeirException failure() {
        return failure;
    }

    /// Whether this node has the role.
    boolean isPresent() {
        return present;
    }

    @Override
    public SqlEngine engine() {
        SqlEngine ready = engine;
        if (ready != null) {
            return ready;
        }
        WeirException failed = failure;
        if (failed != null) {
            throw failed;
        }
        if (!present) {
            throw WeirException.notFound(
                    "sql-role-absent", "SQL: this node does not offer it. Ask a node whose 'weir.roles' hold 'query'.");
        }
        throw new WeirException(
                "sql-not-ready", Whose.EXTERNAL, "SQL: the node is still starting; try again in a moment.");
    }
}
