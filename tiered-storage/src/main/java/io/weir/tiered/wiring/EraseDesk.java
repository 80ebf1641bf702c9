package io.weir.tiered.wiring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.quarkus.runtime.ShutdownEvent;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.EraseRequest;
import io.weir.tiered.archive.TierNow;
import io.weir.tiered.query.AnswerSink;
import io.weir.tiered.query.AsOf;
import io.weir.tiered.query.ColdFile;
import io.weir.tiered.query.SqlAnswer;
import io.weir.tiered.query.SqlRequest;
import io.weir.tiered.query.TopicCut;
import io.weir.tiered.query.process.ChildStatement;
import io.weir.tiered.query.process.RowSink.ResultColumn;
import io.weir.tiered.rest.ArchiveCare;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.rest.EraseHere;
import io.weir.tiered.rest.SqlRole;
import io.weir.tiered.segment.OffsetSpans;
import io.weir.tiered.table.KeyRows;
import io.weir.tiered.table.TableFiles;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes requests to erase: archives the topic to its end, so that no local copy keeps a record, asks the
/// condition,
/// writes the offsets down and leaves the rest to the node that commits. What ends before that is forgotten
/// with the
/// node, and nothing has changed.
@Singleton
public class EraseDesk implements EraseHere {
    private static final Logger LOG = LoggerFactory.getLogger(EraseDesk.class);
    private static final int BEFORE_THE_ARCHIVE = 50;
    private static final String PRINCIPAL = "local";
    private static final long MOST_OFFSETS = 5_000_000;
    private static final Duration TIERED_WITHIN = Duration.ofMinutes(30);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final ObjectReader ROW = new ObjectMapper().reader();

    private final ArchiveHere archive;
    private final ArchiveCare care;
    private final SqlRole sql;
    private final SqlColdFiles coldFiles;
    private final Clock clock = Clock.systemUTC();
    private final Map<UUID, EraseRequest> begun = new ConcurrentHashMap<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("weir-archive-erase").factory());

    @Inject
    EraseDesk(ArchiveHere archive, ArchiveCare care, SqlRole sql, SqlColdFiles coldFiles) {
        this.coldFiles = coldFiles;
        this.archive = archive;
        this.care = care;
        this.sql = sql;
    }

    void onStop(@Observes @Priority(BEFORE_THE_ARCHIVE) ShutdownEvent event) {
        worker.shutdownNow();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the request keeps its own state
    public EraseRequest start(String topic, Condition condition) {
        ArchiveHere.Parts parts = archive.parts();
        if (condition instanceof Condition.Where) {
            // a node without SQL says so now
            Object unused = sql.engine();
        }
        ArchivedTopic archived = parts.fold().snapshot(topic);
        refuseClassic(archived);
        TierNow.Progress unused = parts.tierNow().start(topic);
        Instant now = clock.instant();
        EraseRequest request = new EraseRequest(
                UUID.randomUUID(),
                topic,
                archived.topicId(),
                condition instanceof Condition.Key ? "key" : "where",
                sha256(text(condition)),
                EraseRequest.State.TIERING,
                now,
                now,
                0,
                0,
                0,
                0,
                0,
                Optional.empty());
        begun.put(request.id(), request);
        worker.submit(() -> run(request, condition));
        return request;
    }

    private static String text(Condition condition) {
        return switch (condition) {
            case Condition.Where where -> where.sql();
            case Condition.Key key -> key.key();
        };
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256.", e);
        }
    }

    private static void refuseClassic(ArchivedTopic topic) {
        topic.partitions().values().stream()
                .flatMap(partition -> partition.segments().stream())
                .filter(ArchivedTopic.Segment::isClassic)
                .findFirst()
                .ifPresent(segment -> {
                    throw WeirException.conflict(
                            "archive-classic",
                            "Topic '" + topic.topic() + "': offsets " + segment.firstOffset() + " to "
                                    + segment.endOffset() + " of partition "
                                    + segment.address().partition()
                                    + " are archived as they are (lake.mode=classic), records cannot be taken out of"
                                    + " them.");
                });
    }

    @Override
    public Optional<EraseRequest> find(UUID id) {
        EraseRequest remembered = care.erasures().all().get(id);
        return remembered == null ? Optional.ofNullable(begun.get(id)) : Optional.of(remembered);
    }

    @Override
    public List<EraseRequest> all() {
        Map<UUID, EraseRequest> known = new HashMap<>(begun);
        known.putAll(care.erasures().all());
        return known.values().stream()
                .sorted(Comparator.comparing(EraseRequest::asked).reversed())
                .toList();
    }

    private void run(EraseRequest request, Condition condition) {
        try {
            awaitTiered(request.topic());
            begun.put(request.id(), request.at(EraseRequest.State.FINDING, clock.instant()));
            ArchivedTopic archived = archive.parts().fold().snapshot(request.topic());
            if (!archived.topicId().equals(request.topicId())) {
                throw new IllegalStateException("Topic '" + request.topic() + "': was made again meanwhile.");
            }
            refuseClassic(archived);
            Map<Integer, OffsetSpans> spans = switch (condition) {
                case Condition.Where where -> where(archived, where.sql());
                case Condition.Key key -> keyed(archived, key.key());
            };
            long offsets = spans.values().stream().mapToLong(OffsetSpans::count).sum();
            archive.parts().rewrites().remember(request.id(), spans);
            care.erasures().put(request.found(offsets, clock.instant()));
            begun.remove(request.id());
        } catch (IOException | RuntimeException e) {
            LOG.warn("Nothing is erased request={} topic={} cause={}", request.id(), request.topic(), e.getMessage());
            LOG.debug("Nothing is erased request={}", request.id(), e);
            begun.put(
                    request.id(),
                    request.at(EraseRequest.State.FAILED, clock.instant()).troubled(String.valueOf(e.getMessage())));
        }
    }

    /// In the log, aborted records too, and in the table, which may have more than the log.
    private Map<Integer, OffsetSpans> keyed(ArchivedTopic topic, String key) throws IOException {
        ArchiveHere.Parts parts = archive.parts();
        Map<Integer, OffsetSpans> found =
                new TreeMap<>(parts.rewrites().keyed(topic, key.getBytes(StandardCharsets.UTF_8)));
        new KeyRows(parts.lake())
                .of(topic.topicId(), key)
                .forEach((partition, spans) -> found.merge(partition, spans, OffsetSpans::and));
        return found;
    }

    private void awaitTiered(String topic) throws IOException {
        Instant end = clock.instant().plus(TIERED_WITHIN);
        while (archive.parts().tierNow().progress(topic).state() != TierNow.State.DONE) {
            if (clock.instant().isAfter(end) || Thread.interrupted()) {
                throw new IOException("Topic '" + topic + "': was not archived to its end within "
                        + TIERED_WITHIN.toMinutes() + " minutes. Look at /q/health, then try again.");
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /// The condition decides over every record that is anywhere in the archive: also those of aborted transactions,
    /// and rows that the log has dropped.
    private Map<Integer, OffsetSpans> where(ArchivedTopic archived, String condition) throws IOException {
        String topic = archived.topic();
        String quoted = "\"" + topic.replace("\"", "\"\"") + "\"";
        // on a line of its own: a comment in the condition must not take the bracket away
        String statement = "SELECT _partition, _offset FROM " + quoted + " WHERE (\n" + condition + "\n)";
        Map<Integer, List<Long>> found = new TreeMap<>();
        AnswerSink rows = new AnswerSink() {
            @Override
            public void begin(String queryId, List<ResultColumn> columns, Map<TopicName, TopicCut> cut) {}

            @Override
            public void page(byte[] lines) throws IOException {
                for (String line :
                        new String(lines, StandardCharsets.UTF_8).lines().toList()) {
                    JsonNode row = ROW.readTree(line);
                    found.computeIfAbsent(row.path(0).asInt(), unused -> new ArrayList<>())
                            .add(row.path(1).asLong());
                }
            }
        };
        SqlRequest question = new SqlRequest(
                statement,
                PRINCIPAL,
                AsOf.now(),
                false,
                MOST_OFFSETS,
                sql.engine().timeLimit(),
                ChildStatement.Format.JSON);
        ArchiveHere.Parts parts = archive.parts();
        List<ColdFile> files = coldFiles.all(archived, new TableFiles(parts.lake()).present(archived.topicId()));
        List<Path> unseen = parts.rewrites().unseen(archived);
        SqlAnswer answer;
        try {
            answer = sql.engine().runOver(question, new TopicName(topic), files, unseen, rows);
        } finally {
            for (Path file : unseen) {
                Files.deleteIfExists(file);
            }
        }
        if (answer.truncated()) {
            throw new WeirException(
                    "erase-too-large",
                    Whose.USER,
                    "Topic '" + topic + "': at most " + MOST_OFFSETS
                            + " records are erased by one request, the condition is true for more. Narrow it, for"
                            + " example by _timestamp, and ask several times.");
        }
        Map<Integer, OffsetSpans> spans = new TreeMap<>();
        found.forEach((partition, offsets) -> spans.put(
                partition,
                OffsetSpans.of(offsets.stream().mapToLong(Long::longValue).toArray())));
        return spans;
    }
}
