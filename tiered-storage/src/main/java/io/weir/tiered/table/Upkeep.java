package io.weir.tiered.table;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the tables' metadata small: expires snapshots, with the files that only they need, and writes
/// manifests anew when there are many. A file that the log still reads outlives the last snapshot that lists
/// it. One
/// thread.
public final class Upkeep {
    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private final LakeTables tables;
    private final ArchivedTopics topics;
    private final Settings settings;
    private final Clock clock;

    /// @param keepSnapshots how old a snapshot may get; the newest one always stays
    /// @param keepDropped how long a snapshot may hold rows that retention has taken from the table
    /// @param mostSnapshots kept in all: metadata is written whole at each commit
    /// @param mostManifests before they are clustered by partition
    public record Settings(Duration keepSnapshots, Duration keepDropped, int mostSnapshots, int mostManifests) {}

    public Upkeep(LakeTables tables, ArchivedTopics topics, Settings settings, Clock clock) {
        this.tables = tables;
        this.topics = topics;
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
        for (Map.Entry<String, TablePointer> pointer : tables.pointers().entrySet()) {
            String name = pointer.getKey();
            if (!goOn.getAsBoolean()) {
                return;
            }
            try {
                Table table = tables.home().tables().loadTable(WeirCatalog.identifier(name));
                clusterManifests(table);
                expireSnapshots(table, pointer.getValue().topicId());
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

    void expireSnapshots(Table table, UUID topicId) {
        long oldest = Math.max(byAgeAndCount(table), byDropped(table));
        Snapshot current = table.currentSnapshot();
        List<Long> expired = snapshots(table)
                .filter(snapshot -> snapshot.timestampMillis() < oldest)
                .filter(snapshot -> current != null && snapshot.snapshotId() != current.snapshotId())
                .map(Snapshot::snapshotId)
                .toList();
        if (expired.isEmpty()) {
            return;
        }
        Set<String> listed = topics.listed(topicId);
        // by id: then what goes with them is found by what the others still reach
        ExpireSnapshots expire = table.expireSnapshots().deleteWith(location -> delete(location, listed));
        expired.forEach(expire::expireSnapshotId);
        expire.commit();
        LOG.info("Snapshots are expired table={} count={}", table.name(), expired.size());
    }

    private void delete(String location, Set<String> listed) {
        if (!listed.contains(tables.inCluster(location))) {
            tables.files().deleteFile(location);
        }
    }

    private long byAgeAndCount(Table table) {
        long oldest = clock.millis() - settings.keepSnapshots().toMillis();
        List<Long> times =
                snapshots(table).map(Snapshot::timestampMillis).sorted().toList();
        return times.size() > settings.mostSnapshots()
                ? Math.max(oldest, times.get(times.size() - settings.mostSnapshots()))
                : oldest;
    }

    /// What was before the newest snapshot that let rows go long enough ago.
    private long byDropped(Table table) {
        long latest = clock.millis() - settings.keepDropped().toMillis();
        return snapshots(table)
                .filter(snapshot -> snapshot.summary().containsKey(LakeProperties.DROPPED))
                .mapToLong(Snapshot::timestampMillis)
                .filter(millis -> millis <= latest)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private static Stream<Snapshot> snapshots(Table table) {
        return StreamSupport.stream(table.snapshots().spliterator(), false);
    }
}
