package io.weir.tiered.archive;

import io.weir.tiered.shape.RandomJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Crc32C;
import org.apache.kafka.server.log.remote.storage.LogSegmentData;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentId;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;

/// A local log segment with everything that a segment can hold, drawn from a seed, together with the broker's
/// files.
final class RandomSegment {
    static final TopicIdPartition PARTITION = new TopicIdPartition(new Uuid(7, 42), new TopicPartition("fuzz", 3));

    private static final CompressionType[] CODECS = CompressionType.values();

    final List<byte[]> batches = new ArrayList<>();
    final List<long[]> aborted = new ArrayList<>();
    final long baseOffset;
    private final Random random;
    private final RandomJson json;
    private long nextOffset;
    private int leaderEpoch = 1;

    RandomSegment(long seed) {
        this.random = new Random(seed);
        this.json = new RandomJson(random);
        this.baseOffset = random.nextInt(4) == 0 ? 0 : random.nextInt(1_000_000);
        this.nextOffset = baseOffset;
        int count = 1 + random.nextInt(15);
        for (int i = 0; i < count; i++) {
            addBatch();
            if (random.nextInt(4) == 0) {
                nextOffset += random.nextInt(50); // compaction left a gap
            }
            if (random.nextInt(8) == 0) {
                leaderEpoch += 1 + random.nextInt(3);
            }
        }
    }

    private void addBatch() {
        switch (random.nextInt(16)) {
            case 0 -> control();
            case 1 -> empty();
            case 2 -> aborted();
            case 3 -> data(Kind.LOG_APPEND_TIME);
            case 4 -> data(Kind.STAMPED_BY_THE_BROKER);
            case 5 -> data(Kind.EXTREME_TIME);
            case 6 -> odd();
            case 7 -> legacy();
            case 8, 9 -> data(Kind.TRANSACTIONAL);
            default -> data(Kind.PLAIN);
        }
    }

    private enum Kind {
        PLAIN,
        TRANSACTIONAL,
        LOG_APPEND_TIME,
        STAMPED_BY_THE_BROKER,
        EXTREME_TIME
    }

    private void control() {
        MemoryRecords marker = MemoryRecords.withEndTransactionMarker(
                nextOffset,
                1_800_000_000_000L,
                leaderEpoch,
                random.nextInt(100),
                (short) random.nextInt(5),
                new EndTransactionMarker(random.nextBoolean() ? ControlRecordType.COMMIT : ControlRecordType.ABORT, 7));
        add(marker.buffer(), nextOffset + 1);
    }

    private void empty() {
        ByteBuffer header = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
        long last = nextOffset + random.nextInt(20);
        DefaultRecordBatch.writeEmptyHeader(
                header,
                (byte) 2,
                random.nextInt(50),
                (short) 1,
                random.nextInt(1000),
                nextOffset,
                last,
                leaderEpoch,
                TimestampType.CREATE_TIME,
                random.nextInt(3) == 0 ? -1 : 1_700_000_000_000L,
                random.nextBoolean(),
                false);
        header.flip();
        add(header, last + 1);
    }

    private void aborted() {
        long producerId = 1000 + random.nextInt(20);
        long first = nextOffset;
        add(build(Kind.PLAIN, producerId, true), -1);
        aborted.add(new long[] {producerId, first, nextOffset + random.nextInt(3), nextOffset});
    }

    private void data(Kind kind) {
        long producerId = kind == Kind.TRANSACTIONAL ? 5000 + random.nextInt(10) : random.nextInt(3) - 1;
        ByteBuffer batch = build(kind, producerId, kind == Kind.TRANSACTIONAL);
        if (kind == Kind.STAMPED_BY_THE_BROKER) {
            MutableRecordBatch stamped =
                    MemoryRecords.readableRecords(batch).batches().iterator().next();
            stamped.setMaxTimestamp(TimestampType.LOG_APPEND_TIME, 1_750_000_000_000L + random.nextInt(1000));
        }
        add(batch, -1);
    }

    /// A batch of magic 1, as an old broker left it.
    private void legacy() {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                buffer,
                (byte) 1,
                Compression.NONE,
                TimestampType.CREATE_TIME,
                nextOffset,
                -1L,
                -1L,
                (short) -1,
                -1,
                false,
                false,
                -1);
        builder.appendWithOffset(nextOffset, 5L, bytes(5), bytes(20));
        add(builder.build().buffer(), nextOffset + 1);
    }

    /// A batch whose records Kafka reads but would not write: attributes set, or a header name that is not UTF-8.
    private void odd() {
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                buffer,
                (byte) 2,
                Compression.NONE,
                TimestampType.CREATE_TIME,
                nextOffset,
                -1L,
                -1L,
                (short) -1,
                -1,
                false,
                false,
                leaderEpoch);
        builder.append(1_700_000_000_000L, bytes(4), bytes(30), new Header[] {new RecordHeader("ab", bytes(3))});
        ByteBuffer batch = builder.build().buffer();
        int records = DefaultRecordBatch.RECORD_BATCH_OVERHEAD;
        if (random.nextBoolean()) {
            batch.put(records + 1, (byte) 1);
        } else {
            for (int i = records; i < batch.limit() - 1; i++) {
                if (batch.get(i) == 'a' && batch.get(i + 1) == 'b') {
                    batch.put(i, (byte) 0xC3);
                }
            }
        }
        ByteUtils.writeUnsignedInt(batch, DefaultRecordBatch.CRC_OFFSET, Crc32C.compute(batch, 21, batch.limit() - 21));
        add(batch, nextOffset + 1);
    }

    private ByteBuffer build(Kind kind, long producerId, boolean transactional) {
        CompressionType codec = CODECS[random.nextInt(CODECS.length)];
        TimestampType type = kind == Kind.LOG_APPEND_TIME ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
        int sequence = random.nextInt(5) == 0 ? Integer.MAX_VALUE - 2 : random.nextInt(10_000);
        MemoryRecordsBuilder builder = MemoryRecords.builder(
                ByteBuffer.allocate(1024),
                (byte) 2,
                Compression.of(codec).build(),
                type,
                nextOffset,
                1_760_000_000_000L,
                producerId,
                (short) (producerId < 0 ? -1 : 3),
                producerId < 0 ? -1 : sequence,
                transactional,
                false,
                leaderEpoch);
        int count = 1 + random.nextInt(random.nextInt(10) == 0 ? 200 : 8);
        long offset = nextOffset;
        for (int i = 0; i < count; i++) {
            builder.appendWithOffset(offset, timestamp(kind, i), key(), value(), headers());
            offset += random.nextInt(6) == 0 ? 1 + random.nextInt(5) : 1;
        }
        return builder.build().buffer();
    }

    private long timestamp(Kind kind, int index) {
        if (kind == Kind.EXTREME_TIME && index == 0) {
            return random.nextBoolean()
                    ? Long.MAX_VALUE - random.nextInt(5)
                    : Long.MAX_VALUE / 1000 + random.nextInt(2);
        }
        return 978_307_200_000L + random.nextInt(1_000_000_000);
    }

    private byte[] key() {
        return switch (random.nextInt(6)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> bytes(1 + random.nextInt(8));
            default -> ("ключ-" + random.nextInt(30)).getBytes(StandardCharsets.UTF_8);
        };
    }

    private byte[] value() {
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1 -> new byte[0];
            case 2 -> bytes(random.nextInt(random.nextInt(40) == 0 ? 100_000 : 300));
            case 3 -> ("{\"id\":" + random.nextInt() + ",\"n\":\"x\"}").getBytes(StandardCharsets.UTF_8);
            default -> json.next();
        };
    }

    private Header[] headers() {
        Header[] headers = new Header[random.nextInt(4) == 0 ? 1 + random.nextInt(4) : 0];
        for (int i = 0; i < headers.length; i++) {
            byte[] value = random.nextInt(3) == 0 ? null : bytes(random.nextInt(10));
            headers[i] = new RecordHeader(random.nextInt(3) == 0 ? "" : "h" + random.nextInt(2), value);
        }
        return headers;
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /// @param next offset after the batch, or -1 to take it from the batch
    private void add(ByteBuffer buffer, long next) {
        byte[] batch = new byte[buffer.remaining()];
        buffer.duplicate().get(batch);
        batches.add(batch);
        nextOffset = next >= 0
                ? next
                : ByteBuffer.wrap(batch).getLong(0) + ByteBuffer.wrap(batch).getInt(23) + 1;
    }

    /// Some batches more.
    void grow() {
        for (int i = 0; i < 5; i++) {
            data(Kind.PLAIN);
        }
    }

    long endOffset() {
        return nextOffset - 1;
    }

    /// Writes the files that a broker hands over. Aborts stand in the indexes of this segment and of a later one.
    LogSegmentData write(Path folder) throws IOException {
        Path log = folder.resolve(String.format("%020d.log", baseOffset));
        byte[] all = new byte[batches.stream().mapToInt(batch -> batch.length).sum()];
        ByteBuffer target = ByteBuffer.wrap(all);
        batches.forEach(target::put);
        Files.write(log, all);
        List<ByteBuffer> indexes = List.of(ByteBuffer.allocate(34 * 100), ByteBuffer.allocate(34 * 100));
        for (long[] entry : aborted) {
            indexes.get(random.nextInt(2))
                    .putShort((short) 0)
                    .putLong(entry[0])
                    .putLong(entry[1])
                    .putLong(entry[2])
                    .putLong(entry[3]);
        }
        Path own = folder.resolve(String.format("%020d.txnindex", baseOffset));
        Files.write(own, bytesOf(indexes.get(0)));
        Files.write(folder.resolve(String.format("%020d.txnindex", endOffset() + 1)), bytesOf(indexes.get(1)));
        Path time = Files.write(folder.resolve("time"), bytes(12 * random.nextInt(5)));
        Path offsets = Files.write(folder.resolve("offset"), new byte[0]);
        Path snapshot = Files.write(folder.resolve("snapshot"), bytes(random.nextInt(100)));
        boolean hasIndex = indexes.get(0).position() > 0;
        return new LogSegmentData(
                log,
                offsets,
                time,
                hasIndex ? Optional.of(own) : Optional.empty(),
                snapshot,
                ByteBuffer.wrap("0\n1\n1 0\n".getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] bytesOf(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.position()];
        buffer.flip().get(bytes);
        return bytes;
    }

    RemoteLogSegmentMetadata metadata() {
        int size = batches.stream().mapToInt(batch -> batch.length).sum();
        return new RemoteLogSegmentMetadata(
                RemoteLogSegmentId.generateNew(PARTITION),
                baseOffset,
                endOffset(),
                0,
                1,
                0,
                size,
                Map.of(1, baseOffset));
    }
}
