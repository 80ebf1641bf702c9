package io.weir.server;

import io.weir.log.cluster.LogConnection;
import io.weir.log.journal.CompactedJournal;
import io.weir.log.journal.Journal;
import io.weir.log.journal.JournalSettings;
import io.weir.log.topic.TopicName;
import io.weir.tiered.archive.ArchiveLayout;
import io.weir.tiered.archive.Janitor;
import io.weir.tiered.archive.JanitorReport;
import io.weir.tiered.archive.JanitorSettings;
import io.weir.tiered.archive.Orphan;
import io.weir.tiered.archive.RemoteLogFold;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectStore;
import io.weir.tiered.table.LakeTables;
import io.weir.tiered.table.TableFiles;
import io.weir.tiered.table.TablePointer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/// The archive of a running node, looked at from outside: the janitor with a clock of the test's own, so that
/// days
/// pass at once.
final class ArchiveFolder implements AutoCloseable {
    private final Admin admin;
    private final ObjectStore store;
    private final RemoteLogFold fold;
    private final Journal<Map<String, TablePointer>> journal;
    private final LakeTables tables;
    private final ArchiveLayout layout;

    ArchiveFolder(WeirProcess node, Path staging) throws Exception {
        Map<String, Object> client = Map.of("bootstrap.servers", node.kafka());
        this.admin = Admin.create(client);
        String cluster = admin.describeCluster().clusterId().get();
        URI root = node.data().resolve("archive").toAbsolutePath().toUri();
        this.layout = new ArchiveLayout(cluster, "lake");
        this.store = HadoopObjectStore.open(root, Map.of());
        this.fold = new RemoteLogFold(admin, client, store, root, layout);
        // it only reads: who writes is not disturbed
        this.journal = CompactedJournal.open(
                new LogConnection(cluster, node.kafka(), Map.of(), (short) 1),
                JournalSettings.of(TopicName.of("__weir_catalog")),
                Map.of(),
                TablePointer::fold);
        this.tables = new LakeTables(journal, store, root, staging, layout);
    }

    /// Two passes, days from now and hours apart: the second deletes what the first has found.
    void sweep() {
        Instant later = Instant.now().plus(Duration.ofDays(3));
        Janitor janitor = janitor(new Clock() {
            private Instant now = later;

            @Override
            public Instant instant() {
                now = now.plus(Duration.ofHours(2));
                return now;
            }

            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }
        });
        refuseNothing(janitor.pass());
        refuseNothing(janitor.pass());
    }

    /// What nothing points to.
    List<Orphan> orphans() {
        JanitorReport report = janitor(Clock.fixed(Instant.now().plus(Duration.ofDays(3)), ZoneOffset.UTC))
                .pass();
        refuseNothing(report);
        return report.orphans();
    }

    private static void refuseNothing(JanitorReport report) {
        if (report.refused().isPresent()) {
            throw new AssertionError(
                    "The janitor judges nothing: " + report.refused().get());
        }
    }

    private Janitor janitor(Clock clock) {
        JanitorSettings settings =
                new JanitorSettings(JanitorSettings.DEFAULT.leastAge(), JanitorSettings.DEFAULT.apart(), Duration.ZERO);
        return Janitor.over(store, layout, fold, new TableFiles(tables), settings, clock);
    }

    @Override
    public void close() throws Exception {
        tables.close();
        journal.close();
        fold.close();
        store.close();
        admin.close();
    }
}
