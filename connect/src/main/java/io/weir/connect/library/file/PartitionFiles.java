package io.weir.connect.library.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/// The files of one partition. Rows go to an unfinished file; [#finish] makes it appear at once and whole
/// under the name of its offset range. What finished files prove is never written again, so a replay after a
/// crash doubles no row. Called by one thread.
final class PartitionFiles {
    private final Path folder;
    private final TopicPartition partition;
    private final FileSinkSettings settings;
    private long provenEnd;
    private long last = -1;
    private @Nullable Unfinished unfinished;

    /// A file under way.
    private static final class Unfinished {
        private final FileChannel channel;
        private final OutputStream out;
        private final RowFormat format;
        private final long first;
        private int rows;

        private Unfinished(FileChannel channel, RowFormat format, long first) {
            this.channel = channel;
            this.out = new BufferedOutputStream(Channels.newOutputStream(channel), 64 * 1024);
            this.format = format;
            this.first = first;
        }
    }

    private PartitionFiles(Path folder, TopicPartition partition, FileSinkSettings settings, long provenEnd) {
        this.folder = folder;
        this.partition = partition;
        this.settings = settings;
        this.provenEnd = provenEnd;
    }

    /// Looks at what is there and removes what a crash left unfinished.
    ///
    /// @throws ConnectException when two files claim the same offset
    static PartitionFiles open(Path folder, TopicPartition partition, FileSinkSettings settings) throws IOException {
        Files.deleteIfExists(folder.resolve(RangeName.unfinished(partition, settings.format())));
        List<RangeName> ranges = finished(folder, partition, settings.format());
        long end = 0;
        for (RangeName range : ranges) {
            if (range.first() < end) {
                throw new ConnectException(
                        "File '" + folder.resolve(range.toString()) + "': must begin behind offset "
                                + (end - 1) + ", which another file of partition " + partition
                                + " ends with. Two connectors wrote to one folder: remove one's files and give it its own folder.");
            }
            end = range.last() + 1;
        }
        return new PartitionFiles(folder, partition, settings, end);
    }

    /// The offset behind the last one that a finished file proves, 0 when there is none.
    long provenEnd() {
        return provenEnd;
    }

    /// Adds the row of `record`, unless a file proves it or it was added before.
    ///
    /// @throws BadRecord when it cannot be a row; it is done with, and the caller says what becomes of it
    void add(SinkRecord record) throws IOException, BadRecord {
        long offset = record.kafkaOffset();
        if (offset < provenEnd || offset <= last) {
            return;
        }
        last = offset;
        RowFormat format = unfinished == null ? RowFormat.of(settings) : unfinished.format;
        byte[] row = format.row(record);
        if (row == null) {
            return;
        }
        Unfinished file = unfinished;
        if (file == null) {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(
                    folder.resolve(RangeName.unfinished(partition, settings.format())),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE);
            file = new Unfinished(channel, format, offset);
            unfinished = file;
            format.writeHeader(file.out);
        }
        file.out.write(row);
        file.rows++;
        if (file.rows >= settings.recordsPerFile()) {
            finish();
        }
    }

    /// Makes the rows so far a finished file, durable on the disk; nothing happens when there are none.
    ///
    /// @throws ConnectException when another writer was here meanwhile
    void finish() throws IOException {
        Unfinished file = unfinished;
        if (file == null) {
            return;
        }
        file.out.flush();
        file.channel.force(true);
        file.channel.close();
        Optional<RangeName> rival = finished(folder, partition, settings.format()).stream()
                .filter(range -> range.last() >= file.first)
                .findFirst();
        if (rival.isPresent()) {
            throw new ConnectException("File '" + folder.resolve(rival.get().toString())
                    + "': was written by another task while this one held partition " + partition
                    + ". Give each connector a folder of its own; restart this task to go on behind the file.");
        }
        Path done = folder.resolve(new RangeName(partition, file.first, last, settings.format()).toString());
        Files.move(
                folder.resolve(RangeName.unfinished(partition, settings.format())),
                done,
                StandardCopyOption.ATOMIC_MOVE);
        forceFolder();
        unfinished = null;
        provenEnd = last + 1;
    }

    /// Forgets what is not finished: those records will be delivered again.
    void discard() {
        Unfinished file = unfinished;
        unfinished = null;
        last = provenEnd - 1;
        if (file != null) {
            try {
                file.channel.close();
                Files.deleteIfExists(folder.resolve(RangeName.unfinished(partition, settings.format())));
            } catch (IOException e) {
                // what stays behind is hidden, and removed when the partition is opened again
                last = provenEnd - 1;
            }
        }
    }

    private void forceFolder() throws IOException {
        // a rename survives a power cut only when the folder is on the disk too
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static List<RangeName> finished(Path folder, TopicPartition partition, SinkFormat format)
            throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.flatMap(file -> RangeName.parse(file.getFileName().toString(), partition, format).stream())
                    .sorted(Comparator.comparingLong(RangeName::first))
                    .toList();
        }
    }
}
