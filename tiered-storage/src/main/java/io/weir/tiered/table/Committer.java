package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.LakeRetention;
import io.weir.tiered.archive.NoSuchTopicException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings every table up to its topic's archive, again and again. Remembers nothing that matters: the vector
/// in a table says what is in, so that a committer which died, was doubted or runs twice does no harm. One
/// thread.
public final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final long CLEAR_BY_AGE_EVERY_MILLIS = 60_000;

    private final LakeTables tables;
    private final ArchivedTopics topics;
    private final TableCommit commit;
    private final int mostSegments;
    private final Time time;
    private final LakeMetrics metrics;

    /// What the last look at each table found; only saves work.
    private final Map<UUID, Known> known = new HashMap<>();

    /// Tables whose topic was not there in the last pass.
    private final Set<String> missing = new HashSet<>();

    /// When the rows of a topic that is gone were last found to be young enough, in milliseconds.
    private final Map<UUID, Long> stays = new HashMap<>();

    /// @param location of the metadata that was looked at
    /// @param starts log starts below which the table was cleared
    /// @param retention by which it was
    /// @param clearedMillis when that was
    private record Known(
            String location,
            Map<Integer, Long> starts,
            LakeRetention retention,
            long clearedMillis,
            OffsetVector offsets) {}

    /// @param ids for names of new files
    /// @param mostSegments of one commit
    public Committer(
            LakeTables tables,
            ArchivedTopics topics,
            Supplier<UUID> ids,
            int mostSegments,
            Time time,
            LakeMetrics metrics) {
        this(tables, topics, ids, mostSegments, time, metrics, CommitHooks.FAILPOINTS);
    }

    Committer(
            LakeTables tables,
            ArchivedTopics topics,
            Supplier<UUID> ids,
            int mostSegments,
            Time time,
            LakeMetrics metrics,
            CommitHooks hooks) {
        this.tables = tables;
        this.topics = topics;
        this.commit = new TableCommit(tables, ids, time, hooks);
        this.mostSegments = mostSegments;
        this.time = time;
        this.metrics = metrics;
    }

    /// One look at every topic. What fails for one topic is told, and does not stop the others.
    ///
    /// @param goOn asked between commits
    public void pass(BooleanSupplier goOn) {
        Map<String, UUID> ids = topics.ids();
        Set<String> names = new TreeSet<>();
        topics.archived().forEach(names::add);
        // switched off later on: what is archived still counts
        tables.pointers().values().stream()
                .filter(pointer -> pointer.topicId().equals(ids.get(pointer.topic())))
                .forEach(pointer -> names.add(pointer.topic()));
        for (String name : names) {
            if (!goOn.getAsBoolean()) {
                return;
            }
            attend(name, goOn);
        }
        forgetTheGone(ids);
    }

    private void attend(String topic, BooleanSupplier goOn) {
        try {
            bring(topic, goOn);
        } catch (NoSuchTopicException e) {
            metrics.forget(topic);
        } catch (PinnedOperations.LostRaceException | CommitStateUnknownException e) {
            metrics.failures.increment();
            LOG.info("Commit is tried again topic={} cause={}", topic, e.getMessage());
        } catch (RuntimeException e) {
            metrics.failures.increment();
            LOG.warn("Table is not up to date topic={} cause={}", topic, e.getMessage());
            LOG.debug("Table is not up to date topic={}", topic, e);
        }
    }

    /// Commits until the topic's archive is in its table.
    void bring(String topic, BooleanSupplier goOn) {
        ArchivedTopic archived = topics.snapshot(topic);
        LakeRetention retention = topics.retention(archived.topicId());
        if (isKnown(archived, retention)) {
            return;
        }
        Known last = known.get(archived.topicId());
        if (last != null) {
            metrics.lag(topic, lag(archived, last.offsets()));
        }
        boolean nothing = archived.partitions().values().stream()
                .allMatch(partition -> partition.segments().isEmpty());
        if (tables.location(archived.topicId()).isEmpty()) {
            if (nothing) {
                return;
            }
            Table unused = tables.ensure(topic, archived.topicId());
        }
        boolean more = true;
        while (more && goOn.getAsBoolean()) {
            Map<Integer, Long> starts = starts(archived);
            Known before = known.get(archived.topicId());
            boolean clear = before == null || !isCleared(before, starts, retention);
            long clearedMillis = before == null || clear ? time.milliseconds() : before.clearedMillis();
            long startNanos = time.nanoseconds();
            TableCommit.Result result;
            try {
                result = commit.run(archived, mostSegments, clear ? retention : LakeRetention.KEEP);
            } catch (NoSuchTableException e) {
                // dropped by hand: it comes back, and the next pass fills it from the start
                Table unused = tables.ensure(topic, archived.topicId());
                known.remove(archived.topicId());
                return;
            }
            known.put(
                    archived.topicId(),
                    new Known(
                            tables.location(archived.topicId()).orElse(""),
                            starts,
                            retention,
                            clearedMillis,
                            result.offsets()));
            letGo(archived.topicId(), result.dropped());
            if (result.changed()) {
                metrics.commits.increment();
                metrics.commitNanos.add(time.nanoseconds() - startNanos);
                metrics.gapOffsets.add(result.gapOffsets());
                LOG.debug(
                        "Table is committed topic={} offsets={}",
                        topic,
                        result.offsets().text());
            }
            metrics.lag(topic, lag(archived, result.offsets()));
            more = !result.whole();
        }
    }

    /// Whether nothing has changed since the last look: then the table's metadata need not be read.
    private boolean isKnown(ArchivedTopic archived, LakeRetention retention) {
        Known before = known.get(archived.topicId());
        return before != null
                && before.location().equals(tables.location(archived.topicId()).orElse(""))
                && isCleared(before, starts(archived), retention)
                && CommitPlan.of(archived, before.offsets(), 1).isEmpty();
    }

    /// Whether what may go is gone: with an age of its own this changes without anybody's doing.
    private boolean isCleared(Known before, Map<Integer, Long> starts, LakeRetention retention) {
        boolean waits = retention instanceof LakeRetention.Own
                && time.milliseconds() - before.clearedMillis() >= CLEAR_BY_AGE_EVERY_MILLIS;
        return before.starts().equals(starts) && before.retention().equals(retention) && !waits;
    }

    /// Of a table of our own the files go with the last snapshot that needs them. Whose catalog it is
    /// elsewhere, that
    /// one deletes no files: they go now that the table has let go of them.
    private void letGo(UUID topicId, List<String> dropped) {
        if (dropped.isEmpty() || tables.home().isOwn()) {
            return;
        }
        Set<String> listed = topics.listed(topicId);
        for (String location : dropped) {
            if (!listed.contains(tables.inCluster(location))) {
                tables.files().deleteFile(location);
            }
        }
    }

    private static Map<Integer, Long> starts(ArchivedTopic topic) {
        Map<Integer, Long> starts = new HashMap<>();
        topic.partitions().forEach((number, partition) -> starts.put(number, partition.logStart()));
        return starts;
    }

    private static long lag(ArchivedTopic topic, OffsetVector offsets) {
        return topic.partitions().values().stream()
                .mapToLong(partition -> Math.max(
                        0,
                        partition.committed()
                                - offsets.of(partition.partition()).orElse(partition.logStart())))
                .sum();
    }

    /// Rows that outlive the log outlive the topic, too; by an age of their own, as long as the newest has
    /// not reached
    /// it.
    private boolean staysWithoutItsTopic(UUID topicId) {
        return switch (topics.retention(topicId)) {
            case LakeRetention.Follow follow -> false;
            case LakeRetention.Keep keep -> true;
            case LakeRetention.Own own -> {
                Long looked = stays.get(topicId);
                long now = time.milliseconds();
                if (looked != null && now - looked < CLEAR_BY_AGE_EVERY_MILLIS) {
                    yield true;
                }
                boolean young = tables.find(topicId)
                        .flatMap(DroppedRows::newestMillis)
                        .filter(newest -> newest >= now - own.age().toMillis())
                        .isPresent();
                if (young) {
                    stays.put(topicId, now);
                }
                yield young;
            }
        };
    }

    /// A table goes when its topic was not there in two passes running: one answer may be a broker's old
    /// view.
    private void forgetTheGone(Map<String, UUID> ids) {
        Set<UUID> present = new HashSet<>(ids.values());
        Set<String> absent = new HashSet<>();
        tables.pointers().forEach((name, pointer) -> {
            if (!present.contains(pointer.topicId()) && !staysWithoutItsTopic(pointer.topicId())) {
                absent.add(name);
            }
        });
        for (String name : absent) {
            if (missing.contains(name)) {
                tables.forget(WeirCatalog.identifier(name));
            }
        }
        missing.clear();
        missing.addAll(absent);
    }
}
