package io.weir.tiered.wiring;

import io.weir.log.cluster.LogConnection;
import io.weir.log.journal.Journal;
import io.weir.tiered.archive.ArchiveLayout;
import io.weir.tiered.archive.ArchiveSettings;
import io.weir.tiered.archive.ArchivedRecords;
import io.weir.tiered.archive.Archiving;
import io.weir.tiered.archive.EraseRequest;
import io.weir.tiered.archive.Janitor;
import io.weir.tiered.archive.LakeSchemas;
import io.weir.tiered.archive.RemoteLogFold;
import io.weir.tiered.archive.SegmentRewrites;
import io.weir.tiered.archive.StoreWatch;
import io.weir.tiered.archive.TierLag;
import io.weir.tiered.archive.TierNow;
import io.weir.tiered.archive.TopicSettings;
import io.weir.tiered.archive.Verifications;
import io.weir.tiered.query.schema.TopicSchema;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.store.DeadlineObjectStore;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectStore;
import io.weir.tiered.table.LakeTables;
import io.weir.tiered.table.TableAudit;
import io.weir.tiered.table.TableFiles;
import io.weir.tiered.table.TableLakeSchema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything the archive holds open beside the broker's plugin: admin client, store, fold, journal. Closed
/// in reverse.
final class OpenArchive implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenArchive.class);

    /// Copies ask at the same time, one each.
    private static final int COLUMN_QUESTIONS = 4;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ArchiveHere.Parts parts;
    private final StoreWatch watch;
    private final Verifications verifications;
    private final Janitor janitor;
    private final TierLag lag;
    private final TopicSettings topics;
    private final EraseRequest.Memory erasures;

    /// @param catalog asked once; stays its owner's
    OpenArchive(LogConnection connection, ArchiveConfig config, LakeConfig lake, CatalogTopic catalog)
            throws IOException {
        try {
            ArchiveSettings settings = config.plugin(config.dataDirectory(), connection.clusterId());
            ObjectStore store = store(settings);
            this.watch =
                    new StoreWatch(store, settings.clusterId() + "/log", Clock.systemUTC(), settings.storeBackoff());
            ArchiveLayout layout = new ArchiveLayout(settings.clusterId(), settings.namespace());
            Admin admin = closeLater(Admin.create(connection.clientProperties()));
            this.parts = open(connection, config, lake, catalog, settings, store, admin, layout);
            RemoteLogFold fold = parts.fold();
            this.topics = new TopicSettings(
                    admin, new LakeTopicMemory(new JournalPart<>(catalog.open(connection), CatalogState::topics)));
            this.erasures = new EraseMemory(new JournalPart<>(catalog.open(connection), CatalogState::erasures));
            this.verifications = closeLater(new Verifications(
                    fold,
                    store,
                    layout,
                    new TableAudit(parts.lake(), fold::snapshot),
                    admin,
                    connection.clientProperties()));
            this.lag = new TierLag(admin, Clock.systemUTC());
            this.janitor = Janitor.over(
                    store, layout, fold, new TableFiles(parts.lake()), config.janitor(), Clock.systemUTC());
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private ObjectStore store(ArchiveSettings settings) throws IOException {
        return closeLater(new DeadlineObjectStore(
                HadoopObjectStore.open(settings.root(), settings.hadoop(), settings.storeDeadline()),
                Executors.newFixedThreadPool(
                        settings.storeThreads(),
                        Thread.ofPlatform()
                                .daemon()
                                .name("weir-archive-fold-", 0)
                                .factory()),
                settings.storeDeadline()));
    }

    private ArchiveHere.Parts open(
            LogConnection connection,
            ArchiveConfig config,
            LakeConfig lakeConfig,
            CatalogTopic catalog,
            ArchiveSettings settings,
            ObjectStore store,
            Admin admin,
            ArchiveLayout layout) {
        Journal<CatalogState> journal = catalog.open(connection);
        RewriteMemory rewrites = new RewriteMemory(new JournalPart<>(journal, CatalogState::rewrites));
        RemoteLogFold fold = closeLater(
                new RemoteLogFold(admin, connection.clientProperties(), store, settings.root(), layout, rewrites));
        Archiving archiving = config.off()
                .map(reason -> Archiving.off(admin, reason))
                .orElseGet(() -> new Archiving(admin, config.byDefault(), config.localBytes()));
        LakeTables own = new LakeTables(
                new JournalPart<>(journal, CatalogState::tables),
                store,
                settings.root(),
                config.dataDirectory().resolve("lake-staging"),
                layout);
        LakeTables lake = closeLater(lakeConfig.foreignCatalog().map(own::in).orElse(own));
        offerColumns(settings.clusterId(), lake, new JournalPart<>(journal, CatalogState::schemas));
        return new ArchiveHere.Parts(
                fold,
                archiving,
                new TierNow(admin, archiving, new CatalogMemory(new JournalPart<>(journal, CatalogState::pending))),
                lake,
                new SegmentRewrites(
                        store,
                        layout,
                        config.dataDirectory().resolve("lake-staging"),
                        rewrites,
                        new LeaseMemory(
                                new JournalPart<>(journal, CatalogState::leases),
                                nodeName(config.dataDirectory()),
                                settings.storeDeadline(),
                                Clock.systemUTC())),
                new ArchivedRecords(fold, store, layout),
                store);
    }

    /// The same after each start on these data.
    private static String nodeName(Path data) {
        Path file = data.resolve("lake-node");
        try {
            if (Files.notExists(file)) {
                Files.writeString(
                        Files.createDirectories(data).resolve(file),
                        UUID.randomUUID().toString());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// So that the plugin in this process's broker can ask for columns.
    private void offerColumns(String clusterId, LakeTables lake, Journal<Map<String, TopicSchema>> pinned) {
        ExecutorService pool = Executors.newFixedThreadPool(
                COLUMN_QUESTIONS,
                Thread.ofPlatform().daemon().name("weir-lake-columns-", 0).factory());
        AutoCloseable unusedPool = closeLater(pool::shutdownNow);
        LakeSchema columns = new PinnedColumnsFirst(new TableLakeSchema(lake, pool), pinned::state);
        LakeSchemas.offer(clusterId, columns);
        AutoCloseable unusedOffer = closeLater(() -> LakeSchemas.withdraw(clusterId, columns));
    }

    private <T extends AutoCloseable> T closeLater(T resource) {
        opened.push(resource);
        return resource;
    }

    StoreWatch watch() {
        return watch;
    }

    Verifications verifications() {
        return verifications;
    }

    TopicSettings topics() {
        return topics;
    }

    EraseRequest.Memory erasures() {
        return erasures;
    }

    TierLag lag() {
        return lag;
    }

    Janitor janitor() {
        return janitor;
    }

    ArchiveHere.Parts parts() {
        return parts;
    }

    @Override
    @SuppressWarnings("CatchingUnchecked") // each one gets its turn, whatever the others do
    public void close() {
        while (!opened.isEmpty()) {
            AutoCloseable resource = opened.pop();
            try {
                resource.close();
            } catch (Exception e) {
                LOG.warn(
                        "Part of the archive did not close cleanly part={}",
                        resource.getClass().getSimpleName(),
                        e);
            }
        }
    }
}
