package io.weir.tiered.table;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the tables' metadata small: expires snapshots, with the files that only they need, and writes
/// manifests anew when there are many. One thread.
public final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final LakeTables tables;
    private final Settings settings;
    private final Clock clock;

    /// @param keepSnapshots how old a snapshot may get; the newest one always stays
    /// @param mostSnapshots kept in all: metadata is written whole at each commit
    /// @param mostManifests before they are clustered by partition
    public record Settings(Duration keepSnapshots, int mostSnapshots, int mostManifests) {}

    public Upkeep(LakeTables tables, Settings settings, Clock clock) {
        this.tables = tables;
        this.settings = settings;
        this.clock = clock;
    }

    /// One look at every table. What fails for one is told, and does not stop the others.
    ///
    /// @param goOn asked between tables
    public void pass(BooleanSupplier goOn) {
        if (!tables.home().isOwn()) {
            // who runs the catalog decides what its snapshots are worth
            return;
        }
        for (String name : tables.pointers().keySet()) {
            if (!goOn.getAsBoolean()) {
                return;
            }
            try {
                Table table = tables.home().tables().loadTable(WeirCatalog.identifier(name));
                clusterManifests(table);
                expireSnapshots(table);
            } catch (NoSuchTableException e) {
                LOG.debug("Table has gone meanwhile table={}", name);
            } catch (RuntimeException e) {
                LOG.warn("Table could not be kept small table={} cause={}", name, e.getMessage());
                LOG.debug("Table could not be kept small table={}", name, e);
            }
        }
    }

    void clusterManifests(Table table) {
        Snapshot current = table.currentSnapshot();
        if (current == null || current.allManifests(table.io()).size() <= settings.mostManifests()) {
            return;
        }
        table.rewriteManifests()
                .clusterBy(file -> file.partition().get(0, Integer.class))
                .set(LakeProperties.OFFSETS, table.properties().getOrDefault(LakeProperties.OFFSETS, ""))
                .commit();
        LOG.info("Manifests are clustered table={}", table.name());
    }

    void expireSnapshots(Table table) {
        List<Long> times = StreamSupport.stream(table.snapshots().spliterator(), false)
                .map(Snapshot::timestampMillis)
                .sorted()
                .toList();
        long oldest = clock.millis() - settings.keepSnapshots().toMillis();
        if (times.size() > settings.mostSnapshots()) {
            oldest = Math.max(oldest, times.get(times.size() - settings.mostSnapshots()));
        }
        if (!times.isEmpty() && times.getFirst() < oldest) {
            table.expireSnapshots().expireOlderThan(oldest).retainLast(1).commit();
            LOG.info("Snapshots are expired table={}", table.name());
        }
    }
}
