package io.weir.tiered.wiring;

import io.weir.log.cluster.LogConnection;
import io.weir.tiered.archive.ArchiveLayout;
import io.weir.tiered.archive.ArchiveSettings;
import io.weir.tiered.archive.Archiving;
import io.weir.tiered.archive.RemoteLogFold;
import io.weir.tiered.archive.TierNow;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.store.DeadlineObjectStore;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything the archive holds open beside the broker's plugin: admin client, store, fold, journal. Closed in
/// reverse.
final class OpenArchive implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OpenArchive.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final ArchiveHere.Parts parts;

    OpenArchive(LogConnection connection, ArchiveConfig config) throws IOException {
        try {
            this.parts = open(connection, config);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private ArchiveHere.Parts open(LogConnection connection, ArchiveConfig config) throws IOException {
        ArchiveSettings settings = config.plugin(config.dataDirectory(), connection.clusterId());
        Admin admin = closeLater(Admin.create(connection.clientProperties()));
        ObjectStore store = closeLater(new DeadlineObjectStore(
                HadoopObjectStore.open(settings.root(), settings.hadoop()),
                Executors.newFixedThreadPool(
                        settings.storeThreads(),
                        Thread.ofPlatform()
                                .daemon()
                                .name("weir-archive-fold-", 0)
                                .factory()),
                settings.storeDeadline()));
        RemoteLogFold fold = closeLater(new RemoteLogFold(
                admin,
                connection.clientProperties(),
                store,
                settings.root(),
                new ArchiveLayout(settings.clusterId(), settings.namespace())));
        CatalogMemory memory = closeLater(CatalogMemory.open(connection));
        Archiving archiving = config.off()
                .map(reason -> Archiving.off(admin, reason))
                .orElseGet(() -> new Archiving(admin, config.byDefault(), config.localBytes()));
        return new ArchiveHere.Parts(fold, archiving, new TierNow(admin, archiving, memory));
    }

    private <T extends AutoCloseable> T closeLater(T resource) {
        opened.push(resource);
        return resource;
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
