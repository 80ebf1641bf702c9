package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.EraseRequest;
import io.weir.tiered.archive.NoSuchTopicException;
import io.weir.tiered.archive.SegmentEraser;
import io.weir.tiered.archive.SegmentRewrites;
import io.weir.tiered.failpoint.Failpoint;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.OffsetSpans;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the records of requests out of log and table, then out of the store. First the sidecars, one by one,
/// then the
/// table in one commit; whoever reads a segment or the table finds it before or after, never in between.
/// Every step
/// finds what a process that died has done of it. One thread, in one process of the cluster.
public final class Erasing {
    private static final Logger LOG = LoggerFactory.getLogger(Erasing.class);

    private final LakeTables tables;
    private final ArchivedTopics topics;
    private final SegmentRewrites rewrites;
    private final EraseRequest.Memory requests;
    private final RowRewriter rewriter;
    private final LakeMetrics metrics;
    private final Duration untilHidden;
    private final Clock clock;

    /// Files that lost rows, by request: those that no snapshot ever listed go with the last step. After a
    /// restart they
    /// are the janitor's.
    private final Map<UUID, Set<String>> replaced = new HashMap<>();

    /// Requests whose topic was not there in the last pass.
    private final Set<UUID> missing = new HashSet<>();

    /// @param ids for names of new files
    /// @param untilHidden how long a reader may have a sidecar of before
    public Erasing(
            LakeTables tables,
            ArchivedTopics topics,
            SegmentRewrites rewrites,
            EraseRequest.Memory requests,
            Supplier<UUID> ids,
            LakeMetrics metrics,
            Duration untilHidden,
            Clock clock) {
        this.metrics = metrics;
        this.tables = tables;
        this.topics = topics;
        this.rewrites = rewrites;
        this.requests = requests;
        this.rewriter = new RowRewriter(tables.files(), ids);
        this.untilHidden = untilHidden;
        this.clock = clock;
    }

    /// Brings every request as far as it can be brought now. What fails is told, and tried again.
    ///
    /// @param goOn asked between requests
    public void pass(BooleanSupplier goOn) {
        List<EraseRequest> open = requests.all().values().stream()
                .filter(request -> request.state() != EraseRequest.State.PURGED)
                .sorted(Comparator.comparing(EraseRequest::asked))
                .toList();
        metrics.erasePending(open.size());
        for (EraseRequest request : open) {
            if (!goOn.getAsBoolean()) {
                return;
            }
            try {
                advance(request);
                missing.remove(request.id());
            } catch (NoSuchTopicException e) {
                if (!missing.add(request.id())) {
                    // its records went with it; one answer alone may be a broker's old view
                    requests.put(request.at(EraseRequest.State.PURGED, clock.instant()));
                }
            } catch (IOException | RuntimeException e) {
                LOG.warn("Erase is tried again request={} cause={}", request.id(), e.getMessage());
                LOG.debug("Erase is tried again request={}", request.id(), e);
                String problem = String.valueOf(e.getMessage());
                if (!request.problem().equals(Optional.of(problem))) {
                    requests.put(request.troubled(problem));
                }
            }
        }
    }

    private void advance(EraseRequest request) throws IOException {
        switch (request.state()) {
            case REWRITING -> requests.put(rewritten(request).at(EraseRequest.State.HIDING, clock.instant()));
            case HIDING -> {
                if (!clock.instant().isBefore(request.changed().plus(untilHidden))) {
                    requests.put(request.at(EraseRequest.State.HIDDEN, clock.instant()));
                }
            }
            case HIDDEN -> {
                purge(request);
                requests.put(request.at(EraseRequest.State.PURGED, clock.instant()));
                LOG.info(
                        "Records are erased topic={} request={} records={}",
                        request.topic(),
                        request.id(),
                        request.records());
            }
            case TIERING, FINDING, PURGED, FAILED -> {}
        }
    }

    private EraseRequest rewritten(EraseRequest request) throws IOException {
        Map<Integer, OffsetSpans> spans = rewrites.remembered(request.id());
        ArchivedTopic archived = archived(request);
        SegmentEraser eraser = rewrites.eraser(request.id(), request.asked().toEpochMilli());
        for (Map.Entry<Integer, OffsetSpans> partition : spans.entrySet()) {
            ArchivedTopic.Partition segments = archived.partitions().get(partition.getKey());
            if (segments != null) {
                for (ArchivedTopic.Segment segment : segments.segments()) {
                    if (mayHold(segment, partition.getValue())) {
                        eraser.erase(segment.address(), partition.getValue());
                    }
                }
            }
        }
        rewrites.announce(request.topicId());
        Failpoint.BEFORE_ERASE_COMMIT.reach();
        long files = commit(request, eraser, spans);
        replaced.put(request.id(), eraser.replacedFiles());
        Failpoint.AFTER_ERASE_COMMIT.reach();
        return request.counted(
                request.offsets(), eraser.records(), eraser.segments(), files, eraser.unreadableBatches());
    }

    /// Such an offset, or a file in which another segment has one.
    private static boolean mayHold(ArchivedTopic.Segment segment, OffsetSpans spans) {
        return spans.touches(segment.address().baseOffset(), segment.endOffset())
                || segment.files().stream().anyMatch(file -> spans.touches(file.firstOffset(), file.lastOffset()));
    }

    /// A topic that was made again under its name is another one.
    private ArchivedTopic archived(EraseRequest request) {
        ArchivedTopic archived = topics.snapshot(request.topic());
        if (!archived.topicId().equals(request.topicId())) {
            throw new NoSuchTopicException(request.topic());
        }
        return archived;
    }

    /// One commit: every file of the table that holds such a row gives its place to one that does not.
    ///
    /// @return files that left
    private long commit(EraseRequest request, SegmentEraser eraser, Map<Integer, OffsetSpans> spans) {
        Table table = tables.find(request.topicId()).orElse(null);
        if (table == null || table.currentSnapshot() == null) {
            return 0;
        }
        Map<String, DataFile> listed = new HashMap<>();
        archived(request).partitions().values().stream()
                .flatMap(partition -> partition.segments().stream())
                .flatMap(segment -> segment.files().stream())
                .forEach(file -> listed.put(file.path(), file));
        OverwriteFiles overwrite = table.newOverwrite();
        Set<String> added = new HashSet<>();
        long left = 0;
        PresentFiles present = PresentFiles.of(table);
        for (Map.Entry<Integer, OffsetSpans> partition : spans.entrySet()) {
            for (org.apache.iceberg.DataFile file : present.of(partition.getKey())) {
                String path = tables.inCluster(file.location());
                boolean clean = listed.containsKey(path);
                if (!clean
                        && partition.getValue().touches(PresentFiles.first(file), PresentFiles.last(file))
                        && replace(
                                table,
                                overwrite,
                                file,
                                new Place(path, partition.getKey(), partition.getValue()),
                                eraser,
                                listed,
                                added)) {
                    left++;
                }
            }
        }
        if (left > 0) {
            overwrite
                    .set(LakeProperties.OFFSETS, table.properties().getOrDefault(LakeProperties.OFFSETS, ""))
                    .set(LakeProperties.ERASED, request.id().toString())
                    .commit();
        }
        return left;
    }

    /// Where a file of the table stands.
    private record Place(String path, int partition, OffsetSpans spans) {}

    /// @return whether the file leaves
    private boolean replace(
            Table table,
            OverwriteFiles overwrite,
            org.apache.iceberg.DataFile file,
            Place place,
            SegmentEraser eraser,
            Map<String, DataFile> listed,
            Set<String> added) {
        Optional<DataFile> now = listed.values().stream()
                .filter(other -> other.path().startsWith(eraser.stem(place.path())))
                .findFirst();
        if (now.isPresent()) {
            overwrite.deleteFile(file);
            if (added.add(now.get().path())) {
                overwrite.addFile(new ListedFiles(tables).of(table, place.partition(), now.get()));
            }
            return true;
        }
        // no segment lists it: it lost all its rows, or it is the table's alone
        Optional<org.apache.iceberg.DataFile> rest =
                rewriter.without(table, file, place.partition(), place.spans()::contains);
        if (rest.isPresent() && rest.get().recordCount() == file.recordCount()) {
            tables.files().deleteFile(rest.get().location());
            return false;
        }
        overwrite.deleteFile(file);
        rest.ifPresent(overwrite::addFile);
        return true;
    }

    private void purge(EraseRequest request) throws IOException {
        expire(request);
        Set<String> former = replaced.getOrDefault(request.id(), Set.of());
        Optional<Set<String>> live = former.isEmpty() ? Optional.empty() : new TableFiles(tables).paths();
        if (live.isPresent()) {
            Set<String> listed = topics.listed(request.topicId());
            for (String path : former) {
                if (!listed.contains(path) && !live.get().contains(path)) {
                    rewrites.delete(path);
                }
            }
        }
        replaced.remove(request.id());
    }

    /// Ends every snapshot that has the records, and the files with them.
    private void expire(EraseRequest request) {
        Table table = tables.find(request.topicId()).orElse(null);
        Set<String> listed = topics.listed(request.topicId());
        if (table == null || table.currentSnapshot() == null || !tables.home().isOwn()) {
            return;
        }
        Optional<Snapshot> commit = StreamSupport.stream(table.snapshots().spliterator(), false)
                .filter(snapshot ->
                        request.id().toString().equals(snapshot.summary().get(LakeProperties.ERASED)))
                .findFirst();
        if (commit.isEmpty()) {
            return;
        }
        List<Long> before = new ArrayList<>();
        for (Snapshot snapshot : table.snapshots()) {
            if (snapshot.sequenceNumber() < commit.get().sequenceNumber()) {
                before.add(snapshot.snapshotId());
            }
        }
        if (before.isEmpty()) {
            return;
        }
        ExpireSnapshots expire = table.expireSnapshots().deleteWith(location -> {
            if (!listed.contains(tables.inCluster(location))) {
                tables.files().deleteFile(location);
            }
        });
        before.forEach(expire::expireSnapshotId);
        expire.commit();
    }
}
