package io.weir.connect.library.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/// Reads the files of one [FileSource], one after the other. Connect calls `start` and `poll` from one
/// thread; `stop` may come from another.
///
/// Each record carries the position behind its row as its source offset, so a restart goes on exactly there,
/// whether the offsets were committed with the records (exactly once) or some time later (at least once).
public final class FileSourceTask extends SourceTask {
    private static final Duration IDLE = Duration.ofMillis(500);

    private final AllowedFolders allowed;
    private final Duration idle;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ReentrantLock lock = new ReentrantLock();

    // the fields below are guarded by lock
    private @Nullable FileSourceSettings settings;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable SourceFile open;
    private Map<String, String> partition = Map.of();
    private @Nullable ConnectException failure;

    /// For Connect, which creates tasks by reflection.
    public FileSourceTask() {
        this(AllowedFolders.current(), IDLE);
    }

    /// @param idle how long `poll` waits when all files are done
    FileSourceTask(AllowedFolders allowed, Duration idle) {
        this.allowed = allowed;
        this.idle = idle;
    }

    /// A file that has not been opened yet.
    private record Waiting(Path path, FilePosition from) {}

    @Override
    public String version() {
        return FileSource.VERSION;
    }

    @Override
    public void start(Map<String, String> properties) {
        lock.lock();
        try {
            FileSourceSettings parsed = FileSourceSettings.of(properties);
            settings = parsed;
            List<Path> files = new Glob(parsed.path(), allowed).files();
            List<Map<String, String>> partitions =
                    files.stream().map(FilePosition::partition).toList();
            Map<Map<String, String>, Map<String, Object>> offsets =
                    context.offsetStorageReader().offsets(partitions);
            for (Path file : files) {
                waiting.add(new Waiting(file, FilePosition.of(offsets.get(FilePosition.partition(file)))));
            }
        } finally {
            lock.unlock();
        }
    }

    /// Up to `batch.records` records; null when all files are done, after a short wait.
    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        List<SourceRecord> batch = batch();
        if (!batch.isEmpty()) {
            return batch;
        }
        boolean unused = stopped.await(idle.toMillis(), TimeUnit.MILLISECONDS);
        return null;
    }

    @Override
    public void stop() {
        stopped.countDown();
        lock.lock();
        try {
            waiting.clear();
            closeOpen();
        } finally {
            lock.unlock();
        }
    }

    private List<SourceRecord> batch() {
        lock.lock();
        try {
            FileSourceSettings now = settings;
            if (now == null) {
                throw new IllegalStateException("start comes before poll");
            }
            if (failure != null) {
                throw failure;
            }
            List<SourceRecord> batch = new ArrayList<>(now.batchRecords());
            try {
                fill(batch, now);
            } catch (ConnectException e) {
                // what came before is good: hand it over first, fail at the next call
                if (batch.isEmpty()) {
                    throw e;
                }
                failure = e;
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    private void fill(List<SourceRecord> batch, FileSourceSettings now) {
        while (batch.size() < now.batchRecords()) {
            SourceFile file = current(now);
            if (file == null) {
                return;
            }
            FileRow row = file.next();
            if (row == null) {
                closeOpen();
                continue;
            }
            SourceRecord record = record(file, row, now);
            if (record != null) {
                batch.add(record);
            }
        }
    }

    private @Nullable SourceFile current(FileSourceSettings now) {
        if (open == null) {
            Waiting next = waiting.poll();
            if (next == null) {
                return null;
            }
            open = SourceFile.open(next.path(), next.from(), now);
            partition = FilePosition.partition(next.path());
        }
        return open;
    }

    private @Nullable SourceRecord record(SourceFile file, FileRow row, FileSourceSettings now) {
        try {
            String flaw = row.flaw();
            if (flaw != null) {
                throw new BadLine(flaw);
            }
            FileRecord record = file.decoder().decode(row);
            if (record == null) {
                return null;
            }
            Long timestampMillis = now.timestampConstant().isPresent()
                    ? Long.valueOf(now.timestampConstant().get().toEpochMilli())
                    : record.timestampMillis();
            return new SourceRecord(
                    partition,
                    FilePosition.after(row).offset(),
                    now.topic(),
                    null,
                    record.key() == null ? null : Schema.STRING_SCHEMA,
                    record.key(),
                    Schema.BYTES_SCHEMA,
                    record.value(),
                    timestampMillis);
        } catch (BadLine e) {
            return deadLetter(file, row, e, now);
        }
    }

    private SourceRecord deadLetter(SourceFile file, FileRow row, BadLine bad, FileSourceSettings now) {
        if (now.deadLetterTopic().isEmpty()) {
            throw new ConnectException(
                    "File '" + file.path() + "', line " + row.line() + ": " + bad.reason()
                            + ". Correct the line, or set errors.tolerance=all and dead.letter.topic to go on without it.",
                    bad);
        }
        ConnectHeaders headers = new ConnectHeaders();
        headers.addString("file", file.path().toString());
        headers.addString("line", Long.toString(row.line()));
        headers.addString("reason", bad.reason());
        return new SourceRecord(
                partition,
                FilePosition.after(row).offset(),
                now.deadLetterTopic().get(),
                null,
                null,
                null,
                Schema.BYTES_SCHEMA,
                row.bytes(),
                null,
                headers);
    }

    private void closeOpen() {
        SourceFile file = open;
        open = null;
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new ConnectException("File '" + file.path() + "': cannot be closed.", e);
            }
        }
    }
}
