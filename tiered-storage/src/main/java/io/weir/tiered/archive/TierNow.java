package io.weir.tiered.archive;

import io.weir.tiered.failpoint.Failpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `tier now`: brings everything that a topic holds into the archive and drops the local copies, by one topic
/// setting: with `local.retention.bytes=0` Kafka closes the active segment, copies it and deletes it. When the
/// copied offset has reached the log's end as it was at the start and the local copies are gone, the setting goes
/// back to what it was, after a restart too. Safe for use by any thread; does not own the admin client.
public final class TierNow {
    private static final Logger LOG = LoggerFactory.getLogger(TierNow.class);
    private static final String NOTHING_LOCAL = "0";

    private final Admin admin;
    private final Archiving archiving;
    private final PendingTier.Memory memory;

    /// A start and a finish of the same topic must not cross.
    private final ReentrantLock lock = new ReentrantLock();

    /// Targets of the last one that is done, by topic.
    private final Map<String, Map<Integer, Long>> done = new ConcurrentHashMap<>();

    public TierNow(Admin admin, Archiving archiving, PendingTier.Memory memory) {
        this.admin = admin;
        this.archiving = archiving;
        this.memory = memory;
    }

    /// How far it is.
    ///
    /// @param state `TIERING` or `DONE`
    public record Progress(String topic, State state, List<PartitionProgress> partitions) {
        public Progress {
            partitions = List.copyOf(partitions);
        }
    }

    /// Of the whole topic.
    public enum State {
        TIERING,
        DONE
    }

    /// @param target the log's end when it was asked for
    /// @param tiered next offset that is not in the archive, at most the target
    public record PartitionProgress(int partition, long target, long tiered) {}

    /// Starts it, or moves the targets of the one under way to the present end.
    ///
    /// @throws NoSuchTopicException there is no such topic
    /// @throws TopicNotArchivableException internal, compacted, or refused by the broker
    public Progress start(String topic) {
        String localBytes = archiving.require(topic);
        Map<Integer, Long> ends = offsets(topic, OffsetSpec.latest());
        lock.lock();
        try {
            remember(topic, localBytes, ends);
        } finally {
            lock.unlock();
        }
        return progress(topic);
    }

    private void remember(String topic, String localBytes, Map<Integer, Long> ends) {
        memory.update(
                topic, known -> new PendingTier(topic, known == null ? localBytes : known.previousLocalBytes(), ends));
        done.remove(topic);
        UrgentTopics.PROCESS.set(memory.all().keySet());
        Failpoint.BEFORE_LOCAL_DELETE.reach();
        archiving.setLocalBytes(topic, NOTHING_LOCAL);
    }

    /// @throws NoSuchTopicException there is no such topic
    public Progress progress(String topic) {
        PendingTier pending = memory.all().get(topic);
        if (pending == null) {
            Map<Integer, Long> reached = done.get(topic);
            return reached == null ? idle(topic) : finished(topic, reached);
        }
        return progress(pending);
    }

    private Progress idle(String topic) {
        Map<Integer, Long> reached = new TreeMap<>();
        offsets(topic, OffsetSpec.latestTiered()).forEach((partition, last) -> reached.put(partition, last + 1));
        return finished(topic, reached);
    }

    private static Progress finished(String topic, Map<Integer, Long> reached) {
        List<PartitionProgress> partitions = new ArrayList<>();
        reached.forEach((partition, offset) -> partitions.add(new PartitionProgress(partition, offset, offset)));
        return new Progress(topic, State.DONE, partitions);
    }

    private Progress progress(PendingTier pending) {
        Map<Integer, Long> copied = offsets(pending.topic(), OffsetSpec.latestTiered());
        Map<Integer, Long> local = offsets(pending.topic(), OffsetSpec.earliestLocal());
        List<PartitionProgress> partitions = new ArrayList<>();
        pending.targets().forEach((partition, target) -> {
            long last = copied.getOrDefault(partition, -1L);
            long gone = local.getOrDefault(partition, 0L);
            partitions.add(new PartitionProgress(partition, target, Math.min(target, Math.min(last + 1, gone))));
        });
        // DONE is said only after the setting was restored: see `resume`
        return new Progress(pending.topic(), State.TIERING, partitions);
    }

    /// Looks at each one under way and finishes those that have reached their targets. Call it now and then, from
    /// one thread; one that was under way before a restart goes on here.
    public void resume() {
        UrgentTopics.PROCESS.set(memory.all().keySet());
        for (String topic : memory.all().keySet()) {
            lock.lock();
            try {
                PendingTier pending = memory.all().get(topic);
                if (pending != null) {
                    resume(pending);
                }
            } catch (NoSuchTopicException e) {
                LOG.info("Topic has gone before it was tiered topic={}", topic);
                memory.forgetTopic(topic);
            } finally {
                lock.unlock();
            }
        }
    }

    private void resume(PendingTier pending) {
        Progress progress = progress(pending);
        boolean reached =
                progress.partitions().stream().allMatch(partition -> partition.tiered() >= partition.target());
        if (reached) {
            Failpoint.AFTER_LOCAL_DELETE.reach();
            archiving.setLocalBytes(pending.topic(), pending.previousLocalBytes());
            done.put(pending.topic(), pending.targets());
            memory.forget(pending);
            LOG.info("Topic is tiered topic={} partitions={}", pending.topic(), progress.partitions());
        } else if (!archiving.localBytes(pending.topic()).equals(NOTHING_LOCAL)) {
            // the process ended between remembering and setting
            archiving.setLocalBytes(pending.topic(), NOTHING_LOCAL);
        }
    }

    private Map<Integer, Long> offsets(String topic, OffsetSpec spec) {
        TopicDescription description = AdminAnswers.about(
                        topic, admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next();
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        description
                .partitions()
                .forEach(partition -> asked.put(new TopicPartition(topic, partition.partition()), spec));
        Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> found =
                AdminAnswers.about(topic, admin.listOffsets(asked).all());
        Map<Integer, Long> offsets = new TreeMap<>();
        found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
        return offsets;
    }
}
