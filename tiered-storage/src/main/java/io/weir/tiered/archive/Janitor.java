package io.weir.tiered.archive;

import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import io.weir.tiered.store.StoredObject;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the objects that nothing points to and, in a later pass, deletes them: what copies left that never
/// finished, what clean-ups could not remove, data files that neither a sidecar nor a table names, and the
/// metadata of tables that are gone.
///
/// It would rather leave a thousand orphans than take one object that is in use. So: nothing young; nothing
/// before
/// a second pass, long after the first, has found the same; nothing at all in its first days; no judgement
/// without
/// the whole metadata topic of the very cluster that wrote the archive, or when most of an archive would be
/// orphaned at once. One pass at a time; the report may be read by any thread. Owns nothing.
public final class Janitor {
    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);
    private static final Pattern PARTITION = Pattern.compile("p(\\d+)");
    private static final Pattern SEGMENT = Pattern.compile("([0-9a-f-]{36})\\.(sidecar|segment)");
    private static final Pattern DATA = Pattern.compile("\\d{20}-([0-9a-f-]{36})-\\d+\\.parquet");
    private static final String METADATA = "/metadata";
    private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.part");
    /// Up to so many orphaned sidecars may be a large part of an archive without being suspicious.
    private static final int FEW = 16;

    private final ObjectStore store;
    private final ArchiveLayout layout;
    private final Source source;
    private final LiveDataFiles tables;
    private final JanitorSettings settings;
    private final Clock clock;
    /// Two passes must not cross; guards `firstSeen`.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<String, Instant> firstSeen = new HashMap<>();
    private volatile Optional<JanitorReport> report = Optional.empty();

    /// What the janitor judges by.
    interface Source {
        /// The id of the cluster that the log belongs to.
        String clusterId();

        /// Every segment of the metadata topic, read to its present end.
        ///
        /// @throws ArchiveUnavailableException it could not be read to its end
        List<KnownSegment> known();

        /// Data files that the sidecar of a finished segment lists.
        Set<String> listed(SegmentAddress segment) throws IOException;
    }

    Janitor(
            ObjectStore store,
            ArchiveLayout layout,
            Source source,
            LiveDataFiles tables,
            JanitorSettings settings,
            Clock clock) {
        this.store = store;
        this.layout = layout;
        this.source = source;
        this.tables = tables;
        this.settings = settings;
        this.clock = clock;
    }

    /// A janitor over a node's archive.
    public static Janitor over(
            ObjectStore store,
            ArchiveLayout layout,
            RemoteLogFold fold,
            LiveDataFiles tables,
            JanitorSettings settings,
            Clock clock) {
        return new Janitor(store, layout, fold.janitorSource(), tables, settings, clock);
    }

    /// Of the last pass; empty before the first.
    public Optional<JanitorReport> report() {
        return report;
    }

    /// Looks at every object once.
    public JanitorReport pass() {
        lock.lock();
        try {
            Instant now = clock.instant();
            JanitorReport done = judgedOrRefused(now);
            report = Optional.of(done);
            return done;
        } finally {
            lock.unlock();
        }
    }

    private JanitorReport judgedOrRefused(Instant now) {
        try {
            return judged(now);
        } catch (IOException | ArchiveUnavailableException e) {
            return refused(now, String.valueOf(e.getMessage()));
        }
    }

    private JanitorReport refused(Instant now, String reason) {
        LOG.warn("Janitor judges nothing reason={}", reason);
        JanitorReport before = report.orElse(new JanitorReport(now, 0, List.of(), List.of(), now, Optional.empty()));
        return new JanitorReport(
                now, before.objects(), before.orphans(), List.of(), before.deletesFrom(), Optional.of(reason));
    }

    private JanitorReport judged(Instant now) throws IOException {
        String clusterId = source.clusterId();
        if (!clusterId.equals(layout.clusterId())) {
            return refused(
                    now,
                    "Archive of cluster '" + layout.clusterId() + "': the log must be the same cluster's, is of '"
                            + clusterId + "'.");
        }
        // in this order: what is written meanwhile is then young or known
        Optional<Set<String>> live = tables.paths();
        Optional<Set<String>> folders = tables.folders();
        List<Found> found = objects();
        Pass pass = new Pass(source.known(), live, folders, now);
        List<Orphan> orphans = new ArrayList<>();
        for (Found object : found) {
            Optional<String> reason = pass.reason(object);
            if (reason.isPresent()) {
                orphans.add(new Orphan(
                        object.path(),
                        object.object().lengthBytes(),
                        object.object().modified(),
                        reason.get(),
                        firstSeen.getOrDefault(object.path(), now)));
            }
        }
        Optional<String> suspicion = suspicion(found, orphans);
        if (suspicion.isPresent()) {
            return refused(now, suspicion.get());
        }
        firstSeen.clear();
        orphans.forEach(orphan -> firstSeen.put(orphan.path(), orphan.firstSeen()));
        Instant deletesFrom =
                new JanitorMark(store, layout.clusterId()).firstPass(now).plus(settings.dryRun());
        List<String> deleted = now.isBefore(deletesFrom) ? List.of() : delete(orphans, now);
        orphans.removeIf(orphan -> deleted.contains(orphan.path()));
        return new JanitorReport(now, found.size(), orphans, deleted, deletesFrom, Optional.empty());
    }

    private static Optional<String> suspicion(List<Found> found, List<Orphan> orphans) {
        long sidecars = found.stream()
                .filter(object -> object.path().endsWith(".sidecar"))
                .count();
        long orphaned = orphans.stream()
                .filter(orphan -> orphan.path().endsWith(".sidecar"))
                .count();
        return orphaned > FEW && orphaned * 2 > sidecars
                ? Optional.of("Topic '" + RemoteLogEvents.TOPIC + "': must know the archive's segments, does not know "
                        + orphaned + " of " + sidecars
                        + " sidecars. Was it deleted or cut? Segments that are gone for good: remove them by hand.")
                : Optional.empty();
    }

    private List<String> delete(List<Orphan> orphans, Instant now) throws IOException {
        List<String> deleted = new ArrayList<>();
        for (Orphan orphan : orphans) {
            if (!orphan.firstSeen().plus(settings.apart()).isAfter(now)) {
                store.delete(orphan.path());
                firstSeen.remove(orphan.path());
                deleted.add(orphan.path());
                LOG.info("Orphan deleted path={} reason={}", orphan.path(), orphan.reason());
            }
        }
        return deleted;
    }

    /// @param inCluster path relative to the cluster's folder
    private record Found(String path, String inCluster, StoredObject object) {}

    private List<Found> objects() throws IOException {
        List<Found> found = new ArrayList<>();
        for (String topic : store.folders(layout.clusterId() + "/log")) {
            partitions(found, "log/" + topic);
        }
        String lake = "lake/" + layout.namespace();
        for (String table : store.folders(layout.clusterId() + "/" + lake)) {
            partitions(found, lake + "/" + table + "/data");
            add(found, lake + "/" + table + METADATA);
        }
        return found;
    }

    /// Other folders (shapes) are not the janitor's.
    private void partitions(List<Found> found, String folder) throws IOException {
        for (String name : store.folders(layout.listed(folder))) {
            if (PARTITION.matcher(name).matches()) {
                add(found, folder + "/" + name);
            }
        }
    }

    private void add(List<Found> found, String folder) throws IOException {
        for (StoredObject object : store.objects(layout.listed(folder))) {
            String path = folder + "/" + object.name();
            found.add(new Found(layout.listed(path), path, object));
        }
    }

    /// What one pass knows.
    private final class Pass {
        private final Map<UUID, KnownSegment> segments = new HashMap<>();
        private final Optional<Set<String>> live;
        private final Optional<Set<String>> folders;
        private final Instant now;
        private final Map<UUID, Optional<Set<String>>> listed = new HashMap<>();

        Pass(List<KnownSegment> known, Optional<Set<String>> live, Optional<Set<String>> folders, Instant now) {
            this.folders = folders;
            known.forEach(segment -> segments.put(segment.address().segment(), segment));
            this.live = live;
            this.now = now;
        }

        /// Why nothing points to it; empty when something does, or may.
        Optional<String> reason(Found found) throws IOException {
            StoredObject object = found.object();
            if (object.modified().plus(settings.leastAge()).isAfter(now)) {
                return Optional.empty();
            }
            if (UNFINISHED.matcher(object.name()).matches()) {
                return Optional.of("an upload that never ended");
            }
            int metadata = found.inCluster().lastIndexOf(METADATA + "/");
            if (metadata >= 0) {
                return folders.isPresent()
                                && !folders.get().contains(found.inCluster().substring(0, metadata))
                        ? Optional.of("metadata of a table that is gone")
                        : Optional.empty();
            }
            Matcher segment = SEGMENT.matcher(object.name());
            if (segment.matches()) {
                return ofSegment(UUID.fromString(segment.group(1)));
            }
            if (live.isPresent() && live.get().contains(found.inCluster())) {
                return Optional.empty();
            }
            Matcher data = DATA.matcher(object.name());
            if (data.matches()) {
                return ofData(UUID.fromString(data.group(1)), found.inCluster());
            }
            // neither a segment's nor a copy's name: only tables and sidecars can say
            return live.isPresent() && object.name().endsWith(".parquet") && !isListed(found.inCluster())
                    ? Optional.of("a data file in no snapshot and no sidecar")
                    : Optional.empty();
        }

        /// Whether a sidecar of any finished segment lists a file, or one cannot tell.
        private boolean isListed(String inCluster) throws IOException {
            for (KnownSegment known : segments.values()) {
                if (known.state() == KnownSegment.State.FINISHED) {
                    Optional<Set<String>> files = filesOf(known);
                    if (files.isEmpty() || files.get().contains(inCluster)) {
                        return true;
                    }
                }
            }
            return false;
        }

        private Optional<Set<String>> filesOf(KnownSegment known) throws IOException {
            Optional<Set<String>> files = listed.get(known.address().segment());
            if (files == null) {
                files = listed(known);
                listed.put(known.address().segment(), files);
            }
            return files;
        }

        private Optional<String> ofSegment(UUID id) {
            KnownSegment known = segments.get(id);
            if (known == null) {
                return Optional.of("of a segment that the broker does not know");
            }
            return known.state() == KnownSegment.State.STARTED
                    ? Optional.of("of a copy that never finished")
                    : Optional.empty();
        }

        /// What a table may point to is judged only when tables have been asked; they never take a copy that
        /// is not
        /// finished.
        private Optional<String> ofData(UUID id, String inCluster) throws IOException {
            Optional<String> segment = ofSegment(id);
            if (segment.isPresent() && (live.isPresent() || segments.containsKey(id))) {
                return segment;
            }
            if (live.isEmpty()) {
                return Optional.empty();
            }
            KnownSegment known = segments.get(id);
            if (known == null || known.state() != KnownSegment.State.FINISHED) {
                return Optional.empty();
            }
            Optional<Set<String>> files = filesOf(known);
            return files.isPresent() && !files.get().contains(inCluster)
                    ? Optional.of("a data file that the sidecar of its segment does not list")
                    : Optional.empty();
        }

        /// Empty when the sidecar does not say: then its files stay.
        private Optional<Set<String>> listed(KnownSegment segment) throws IOException {
            try {
                return Optional.of(new HashSet<>(source.listed(segment.address())));
            } catch (CorruptSegmentException | ObjectNotFoundException e) {
                LOG.warn("Sidecar cannot tell its files segment={} cause={}", segment.address(), e.getMessage());
                return Optional.empty();
            }
        }
    }
}
