package io.weir.tiered.archive;

import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Verifies what is archived, one request after the other, and remembers the last verdicts. Safe for use by any
/// thread. Owns its thread; not the store, the fold and the admin client.
public final class Verifications implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Verifications.class);
    private static final int REMEMBERED = 16;

    private final RemoteLogFold fold;
    private final ObjectStore store;
    private final ArchiveLayout layout;
    private final TableCheck tables;
    private final LocalLog local;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<String, Verification> known = java.util.Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Verification> eldest) {
            return size() > REMEMBERED;
        }
    });
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "weir-archive-verify");
        thread.setDaemon(true);
        return thread;
    });

    public Verifications(
            RemoteLogFold fold,
            ObjectStore store,
            ArchiveLayout layout,
            TableCheck tables,
            Admin admin,
            Map<String, Object> clientProperties) {
        this(
                fold,
                store,
                layout,
                tables,
                new ConsumedLocalLog(admin, clientProperties, AdminAnswers.DEADLINE, Time.SYSTEM));
    }

    Verifications(RemoteLogFold fold, ObjectStore store, ArchiveLayout layout, TableCheck tables, LocalLog local) {
        this.fold = fold;
        this.store = store;
        this.layout = layout;
        this.tables = tables;
        this.local = local;
    }

    /// Starts one; it runs once those before it have ended.
    ///
    /// @param topic empty: every topic that has something archived
    /// @throws NoSuchTopicException there is no such topic
    /// @throws ArchiveUnavailableException the log did not answer
    @SuppressWarnings("FutureReturnValueIgnored") // the run keeps its own verdict
    public Verification start(Optional<String> topic, VerifyLevel level) {
        List<KnownSegment> segments = segments(topic);
        String id = Integer.toString(ids.incrementAndGet());
        Verification begun = new Verification(
                id, topic, level, Verification.State.RUNNING, segments.size(), 0, 0, 0, 0, List.of(), List.of());
        known.put(id, begun);
        worker.submit(() -> run(begun, segments));
        return begun;
    }

    /// Empty when there is none of that name, or it is long ago.
    public Optional<Verification> find(String id) {
        return Optional.ofNullable(known.get(id));
    }

    private List<KnownSegment> segments(Optional<String> topic) {
        Optional<java.util.UUID> id = topic.map(fold::topicId);
        return fold.known().stream()
                .filter(segment -> segment.state() == KnownSegment.State.FINISHED)
                .filter(segment -> id.isEmpty() || segment.address().topicId().equals(id.get()))
                .sorted(Comparator.comparing(KnownSegment::topic)
                        .thenComparing(segment -> segment.address().topicId())
                        .thenComparingInt(segment -> segment.address().partition())
                        .thenComparingLong(segment -> segment.address().baseOffset()))
                .toList();
    }

    private void run(Verification begun, List<KnownSegment> segments) {
        SegmentVerifier verifier = new SegmentVerifier(store, layout, local, begun.level());
        List<String> unverified = new ArrayList<>();
        int done = 0;
        for (KnownSegment segment : segments) {
            try {
                verifier.verify(segment);
            } catch (IOException | RuntimeException e) {
                unverified.add(segment.address().describe() + ": " + e.getMessage());
            }
            done++;
            known.put(
                    begun.id(), progress(begun, verifier, 0, List.of(), unverified, done, Verification.State.RUNNING));
        }
        List<Finding> whole = new ArrayList<>();
        try {
            whole.addAll(gaps(segments));
        } catch (RuntimeException e) {
            unverified.add("Offsets: " + e.getMessage());
        }
        long rows = 0;
        for (String topic :
                new TreeSet<>(segments.stream().map(KnownSegment::topic).toList())) {
            try {
                TableCheck.Verdict verdict = tables.check(topic, begun.level());
                rows += verdict.rows();
                whole.addAll(verdict.findings());
            } catch (NoSuchTopicException e) {
                LOG.debug("Topic is gone, its table is not looked at topic={}", topic);
            } catch (RuntimeException e) {
                unverified.add("Table of topic '" + topic + "': " + e.getMessage());
            }
        }
        Verification.State end = Verification.State.CLEAN;
        if (!verifier.findings().isEmpty() || !whole.isEmpty()) {
            end = Verification.State.FINDINGS;
        } else if (!unverified.isEmpty()) {
            end = Verification.State.INCOMPLETE;
        }
        known.put(begun.id(), progress(begun, verifier, rows, whole, unverified, done, end));
    }

    private static Verification progress(
            Verification begun,
            SegmentVerifier verifier,
            long tableRows,
            List<Finding> whole,
            List<String> unverified,
            int done,
            Verification.State state) {
        List<Finding> findings = new ArrayList<>(verifier.findings());
        findings.addAll(whole);
        return new Verification(
                begun.id(),
                begun.topic(),
                begun.level(),
                state,
                begun.segments(),
                done,
                verifier.records(),
                verifier.comparedRecords(),
                tableRows,
                findings,
                unverified);
    }

    /// From the log's start on, the segments of a partition must follow each other.
    private List<Finding> gaps(List<KnownSegment> segments) {
        List<Finding> gaps = new ArrayList<>();
        Map<String, List<KnownSegment>> byTopic = segments.stream()
                .collect(Collectors.groupingBy(KnownSegment::topic, LinkedHashMap::new, Collectors.toList()));
        byTopic.forEach((topic, ofTopic) -> {
            try {
                java.util.UUID id = fold.topicId(topic);
                Map<Integer, Long> starts = fold.logStarts(topic);
                Map<Integer, List<KnownSegment>> byPartition = ofTopic.stream()
                        .filter(segment -> segment.address().topicId().equals(id))
                        .collect(Collectors.groupingBy(
                                segment -> segment.address().partition()));
                byPartition.forEach(
                        (partition, ordered) -> gaps.addAll(gapsOf(ordered, starts.getOrDefault(partition, 0L))));
            } catch (NoSuchTopicException e) {
                // deleted: its segments go, too, in any order
            }
        });
        return gaps;
    }

    private List<Finding> gapsOf(List<KnownSegment> ordered, long logStart) {
        List<Finding> gaps = new ArrayList<>();
        long next = logStart;
        for (KnownSegment segment : ordered) {
            if (segment.address().baseOffset() > next) {
                gaps.add(new Finding(
                        store.describe(layout.sidecar(segment.address())),
                        segment.topic(),
                        segment.address().partition(),
                        next,
                        segment.address().baseOffset() - 1,
                        "no segment holds these offsets, which lie before it and not before the log's start."));
            }
            next = Math.max(next, segment.endOffset() + 1);
        }
        return gaps;
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
