package io.weir.tiered.table;

import io.weir.tiered.archive.ArchiveLayout;
import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.LakeRetention;
import io.weir.tiered.archive.NoSuchTopicException;
import io.weir.tiered.parquet.PageCodec;
import io.weir.tiered.parquet.RecordFileWriter;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.Origin;
import io.weir.tiered.segment.RecordHeader;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.shape.ColumnTree;
import io.weir.tiered.shape.ShapeLimits;
import io.weir.tiered.shape.Shredder;
import io.weir.tiered.shape.TopicColumns;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.common.utils.Time;

/// An archive made by hand: segments with real data files in a store, a catalog in memory, and committers
/// over both.
final class LakeFixture implements ArchivedTopics {
    private final ObjectStore store;
    private final URI root;
    private final Path folder;
    private final ArchiveLayout layout = new ArchiveLayout("cluster-1", "lake");
    private final Map<String, Topic> topics = new TreeMap<>();
    private int uuids;

    /// `lake.retention` by topic id, where it is set.
    final Map<UUID, LakeRetention> retentions = new TreeMap<>();

    final MemoryJournal<Map<String, TablePointer>> journal = new MemoryJournal<>(Map.of(), TablePointer::fold);
    final LakeMetrics metrics = new LakeMetrics();
    LakeTables tables;

    private static final class Topic {
        final UUID id;
        final Map<Integer, Long> starts = new TreeMap<>();
        final Map<Integer, List<ArchivedTopic.Segment>> segments = new TreeMap<>();

        Topic(UUID id) {
            this.id = id;
        }
    }

    LakeFixture(ObjectStore store, URI root, Path folder) {
        this.store = store;
        this.root = root;
        this.folder = folder;
        this.tables = open();
    }

    /// Tables as another process, which knows nothing yet, opens them.
    LakeTables open() {
        return new LakeTables(journal.openAgain(), store, root, folder.resolve("staging"), layout);
    }

    /// Tables that write through the fixture's own journal.
    LakeTables onTheSameJournal() {
        return new LakeTables(journal, store, root, folder.resolve("staging"), layout);
    }

    Committer committer(CommitHooks hooks) {
        return committer(hooks, 64);
    }

    Committer committer(CommitHooks hooks, int mostSegments) {
        return new Committer(open(), this, this::uuid, mostSegments, Time.SYSTEM, metrics, hooks);
    }

    void pass() {
        committer(CommitHooks.NONE).pass(() -> true);
    }

    UUID uuid() {
        uuids++;
        // the first part tells them apart, as in names of tables
        return new UUID((long) uuids << 32, uuids);
    }

    UUID create(String topic) {
        UUID id = uuid();
        topics.put(topic, new Topic(id));
        return id;
    }

    void delete(String topic) {
        topics.remove(topic);
    }

    void logStart(String topic, int partition, long offset) {
        topics.get(topic).starts.put(partition, offset);
    }

    /// Takes a segment away, as retention does.
    void expire(String topic, int partition, long base) {
        topics.get(topic)
                .segments
                .get(partition)
                .removeIf(segment -> segment.address().baseOffset() == base);
    }

    void expire(ArchivedTopic.Segment segment) {
        topics.values().forEach(topic -> topic.segments.values().forEach(all -> all.remove(segment)));
    }

    /// What a row holds is told by its offset and `variant`.
    static Row row(int partition, long offset, String variant) {
        return Row.of(partition, offset, millis(offset), key(offset), headers(offset), value(offset, variant));
    }

    static List<Row> rows(int partition, long from, long to, String variant) {
        List<Row> rows = new ArrayList<>();
        for (long offset = from; offset < to; offset++) {
            rows.add(row(partition, offset, variant));
        }
        return rows;
    }

    private static long millis(long offset) {
        return 978_307_200_000L + offset;
    }

    private static byte[] key(long offset) {
        return switch ((int) (offset % 3)) {
            case 0 -> null;
            case 1 -> ("key-" + offset).getBytes(StandardCharsets.UTF_8);
            default -> new byte[] {(byte) 0xFF, (byte) offset};
        };
    }

    private static Map<String, byte[]> headers(long offset) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        if (offset % 4 == 1) {
            headers.put("h", new byte[] {1, (byte) offset});
            headers.put("none", null);
        }
        return headers;
    }

    private static byte[] value(long offset, String variant) {
        return offset % 7 == 6
                ? null
                : ("{\"n\":" + offset + ",\"v\":\"" + variant + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    /// Archives the offsets `[from, to)` as one segment with one file.
    ArchivedTopic.Segment segment(String topic, int partition, long from, long to) throws IOException {
        return segment(topic, partition, from, to, "a");
    }

    ArchivedTopic.Segment segment(String topic, int partition, long from, long to, String variant) throws IOException {
        Topic of = topics.get(topic);
        SegmentAddress address = new SegmentAddress(of.id, partition, uuid(), from);
        Path local = Files.createDirectories(folder).resolve(address.segment() + ".parquet");
        DataFile written;
        try (RecordFileWriter writer = RecordFileWriter.create(local, PageCodec.ZSTD)) {
            for (long offset = from; offset < to; offset++) {
                List<RecordHeader> headers = new ArrayList<>();
                headers(offset).forEach((name, value) -> headers.add(new RecordHeader(name, value)));
                writer.write(partition, offset, millis(offset), key(offset), headers, value(offset, variant));
            }
            written = writer.finish();
        }
        return archived(topic, address, local, written, to);
    }

    /// Archives these values as one segment, in the topic's columns as far as they fit.
    ArchivedTopic.Segment shaped(String topic, long from, List<byte[]> values, TopicColumns columns)
            throws IOException {
        SegmentAddress address = new SegmentAddress(topics.get(topic).id, 0, uuid(), from);
        Path local = Files.createDirectories(folder).resolve(address.segment() + ".parquet");
        Shredder shredder = new Shredder(new ColumnTree(columns.columns()), ShapeLimits.DEFAULT);
        DataFile written;
        try (RecordFileWriter writer =
                RecordFileWriter.create(local, PageCodec.ZSTD, RecordFileWriter.ROW_GROUP_BYTES, columns, shredder)) {
            for (int i = 0; i < values.size(); i++) {
                writer.write(0, from + i, millis(from + i), null, List.of(), values.get(i));
            }
            written = writer.finish();
        }
        return archived(topic, address, local, written, from + values.size());
    }

    private ArchivedTopic.Segment archived(String topic, SegmentAddress address, Path local, DataFile written, long to)
            throws IOException {
        Topic of = topics.get(topic);
        long from = address.baseOffset();
        int partition = address.partition();
        DataFile file = written.at(layout.dataFile(topic, address, 0));
        store.put(layout.listed(file.path()), local);
        Files.delete(local);
        Origin origin = new Origin("test", topic, 1, to - 1, 0, 1, 1, to - from, to - from, 0);
        ArchivedTopic.Segment segment = new ArchivedTopic.Segment(address, from, to - 1, 1, 1, origin, List.of(file));
        of.segments.computeIfAbsent(partition, unused -> new ArrayList<>()).add(segment);
        return segment;
    }

    /// Archives offsets that hold no rows, such as transaction markers.
    void emptySegment(String topic, int partition, long from, long to) {
        Topic of = topics.get(topic);
        SegmentAddress address = new SegmentAddress(of.id, partition, uuid(), from);
        Origin origin = new Origin("test", topic, 1, to - 1, 0, 1, 1, 0, 0, 0);
        of.segments
                .computeIfAbsent(partition, unused -> new ArrayList<>())
                .add(new ArchivedTopic.Segment(address, from, to - 1, 1, 1, origin, List.of()));
    }

    void damage(ArchivedTopic.Segment segment) throws IOException {
        store.delete(layout.listed(segment.files().getFirst().path()));
    }

    @Override
    public Iterable<String> archived() {
        return List.copyOf(topics.keySet());
    }

    @Override
    public Map<String, UUID> ids() {
        Map<String, UUID> ids = new TreeMap<>();
        topics.forEach((name, topic) -> ids.put(name, topic.id));
        return ids;
    }

    @Override
    public LakeRetention retention(UUID topicId) {
        return retentions.getOrDefault(topicId, LakeRetention.FOLLOW);
    }

    @Override
    public Set<String> listed(UUID topicId) {
        Set<String> listed = new TreeSet<>();
        topics.values().stream()
                .filter(topic -> topic.id.equals(topicId))
                .flatMap(topic -> topic.segments.values().stream())
                .flatMap(List::stream)
                .flatMap(segment -> segment.files().stream())
                .forEach(file -> listed.add(file.path()));
        return listed;
    }

    /// As the archive tells it: from the log's start as far as segments follow each other.
    @Override
    public ArchivedTopic snapshot(String name) {
        Topic topic = topics.get(name);
        if (topic == null) {
            throw new NoSuchTopicException(name);
        }
        Map<Integer, ArchivedTopic.Partition> partitions = new TreeMap<>();
        topic.segments.forEach((number, all) -> {
            long start = topic.starts.getOrDefault(number, 0L);
            long committed = start;
            List<ArchivedTopic.Segment> counted = new ArrayList<>();
            List<ArchivedTopic.Segment> ordered = new ArrayList<>(all);
            ordered.sort(Comparator.comparing(segment -> segment.address().baseOffset()));
            for (ArchivedTopic.Segment segment : ordered) {
                if (segment.address().baseOffset() <= committed && segment.endOffset() >= committed) {
                    counted.add(segment);
                    committed = segment.endOffset() + 1;
                }
            }
            partitions.put(number, new ArchivedTopic.Partition(number, start, committed, counted));
        });
        return new ArchivedTopic(name, topic.id, partitions);
    }
}
