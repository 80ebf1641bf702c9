package io.weir.log.journal;

import io.weir.log.cluster.LogConnection;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/// A journal on a compacted Kafka topic, writable through any node without an election.
///
/// A write takes over the transactional id `<topic>-writer`, which fences whoever wrote before, reads to the
/// last
/// stable offset, lets the handler decide, and commits its entries in one transaction. A writer that was
/// fenced
/// meanwhile cannot commit; it takes over in turn, reads what the other wrote, and decides again. When
/// contact is
/// lost in the middle of a commit, taking over settles the transaction, and the entry's offset tells whether
/// it
/// was committed: the outcome is never guessed and never written twice.
///
/// Reads are local: a daemon thread `weir-journal-<topic>` follows the topic.
public final class CompactedJournal<S> implements Journal<S> {
    private final JournalSettings settings;
    private final Time time;
    private final JournalTopic topic;
    private final JournalReader<S> reader;
    private final JournalFault fault;

    /// One write at a time; guards `writer`.
    private final ReentrantLock writing = new ReentrantLock(true);

    private final JournalWriter<S> writer;

    private CompactedJournal(
            JournalSettings settings,
            Time time,
            JournalTopic topic,
            JournalReader<S> reader,
            JournalWriter<S> writer,
            JournalFault fault) {
        this.settings = settings;
        this.time = time;
        this.topic = topic;
        this.reader = reader;
        this.writer = writer;
        this.fault = fault;
    }

    /// Creates the topic when absent, and reads it once to its end: afterwards `state()` is whole. Blocks.
    ///
    /// @param empty the state before any entry
    /// @throws io.weir.log.fault.WeirException `journal-timeout` when reading stands still for the deadline,
    ///     `journal-topic-mismatch` when the topic exists with more than one partition or is not compacted,
    ///     `journal-broken` when an entry cannot be applied, `journal-not-allowed`
    public static <S> Journal<S> open(LogConnection connection, JournalSettings settings, S empty, Fold<S> fold) {
        Time time = Time.SYSTEM;
        JournalFault fault = new JournalFault(settings.topic());
        JournalTopic topic = new JournalTopic(settings.topic(), connection);
        try {
            topic.ensureExists(Deadline.after(time, settings.deadline()));
            if (settings.history() != null) {
                topic.ensureHistory(settings.history(), Deadline.after(time, settings.deadline()));
            }
            JournalReader<S> reader = new JournalReader<>(topic.partition(), connection, empty, fold, fault);
            JournalWriter<S> writer = new JournalWriter<>(settings, connection, topic, reader, fault);
            CompactedJournal<S> journal = new CompactedJournal<>(settings, time, topic, reader, writer, fault);
            try {
                reader.start();
                journal.readWhole();
                return journal;
            } catch (RuntimeException e) {
                reader.close();
                throw e;
            }
        } catch (RuntimeException e) {
            topic.close();
            throw e;
        }
    }

    @Override
    public S state() {
        return reader.state();
    }

    @Override
    public S latest() {
        reader.progress().requireAlive();
        Deadline deadline = Deadline.after(time, settings.deadline());
        if (!reader.progress().awaitApplied(topic.committedEnd(deadline), deadline)) {
            throw fault.timeout(
                    settings.deadline(),
                    "the topic's end was not reached",
                    reader.progress().lastProblem());
        }
        return reader.state();
    }

    @Override
    public <R extends @Nullable Object> R write(Function<? super S, Decision<R>> handler) {
        if (writing.isHeldByCurrentThread()) {
            throw new IllegalStateException("Journal '" + settings.topic() + "': a handler must not write itself, as"
                    + " its own decision would then rest on an old state. Return entries instead.");
        }
        Deadline deadline = Deadline.after(time, settings.deadline());
        if (!acquired(deadline)) {
            throw fault.timeout(settings.deadline(), "nothing was written: other writes did not end", null);
        }
        try {
            reader.progress().requireAlive();
            return writer.write(handler, deadline);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public void close() {
        reader.close();
        writing.lock();
        try {
            writer.close();
        } finally {
            writing.unlock();
        }
        topic.close();
    }

    /// A large topic may take long; only standing still counts against the deadline.
    private void readWhole() {
        Deadline deadline = Deadline.after(time, settings.deadline());
        long end = topic.committedEnd(deadline);
        long before = reader.progress().nextOffset();
        while (!reader.progress().awaitApplied(end, deadline)) {
            long now = reader.progress().nextOffset();
            if (now == before) {
                throw fault.timeout(
                        settings.deadline(),
                        "reading stood still at offset " + now,
                        reader.progress().lastProblem());
            }
            before = now;
            deadline = Deadline.after(time, settings.deadline());
        }
    }

    private boolean acquired(Deadline deadline) {
        try {
            return writing.tryLock(deadline.remainingNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault.closed();
        }
    }
}
