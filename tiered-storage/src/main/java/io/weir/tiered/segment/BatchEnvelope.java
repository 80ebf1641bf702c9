package io.weir.tiered.segment;

import java.nio.ByteBuffer;

/// The header of a record batch as it lies in a log segment (KIP-98, "message format v2"; big-endian):
///
/// ```
/// 0 baseOffset i64 | 8 length i32 (bytes after this field) | 12 leaderEpoch i32 | 16 magic i8 | 17 crc32c u32 (from 21
/// on)
/// 21 attributes i16 | 23 lastOffsetDelta i32 | 27 baseTimestamp i64 | 35 maxTimestamp i64 | 43 producerId i64
/// 51 producerEpoch i16 | 53 baseSequence i32 | 57 count i32 | 61 records
/// ```
///
/// Older formats (magic 0 and 1) share the first 17 bytes only; the other fields are then as given by `legacy`.
///
/// @param sizeInBytes whole batch, header included
public record BatchEnvelope(
        long baseOffset,
        int sizeInBytes,
        int leaderEpoch,
        byte magic,
        int crc,
        short attributes,
        int lastOffsetDelta,
        long baseTimestamp,
        long maxTimestamp,
        long producerId,
        short producerEpoch,
        int baseSequence,
        int count) {
    /// Bytes before the records of a magic-2 batch.
    public static final int HEADER_BYTES = 61;

    /// Bytes that tell base offset, length and magic.
    public static final int PREFIX_BYTES = 17;

    /// What the length field does not count: base offset and itself.
    public static final int LENGTH_OVERHEAD = 12;

    /// Where the bytes covered by the batch's CRC begin.
    public static final int CRC_FROM = 21;

    static final int CODEC_MASK = 0x07;
    static final int LOG_APPEND_TIME = 0x08;
    static final int TRANSACTIONAL = 0x10;
    static final int CONTROL = 0x20;

    /// Reads the header at `position`; at least [#HEADER_BYTES] bytes must follow when the magic is 2.
    public static BatchEnvelope parse(ByteBuffer segment, int position) {
        long baseOffset = segment.getLong(position);
        int size = segment.getInt(position + 8) + LENGTH_OVERHEAD;
        byte magic = segment.get(position + 16);
        if (magic < 2) {
            return legacy(baseOffset, size, magic);
        }
        return new BatchEnvelope(
                baseOffset,
                size,
                segment.getInt(position + 12),
                magic,
                segment.getInt(position + 17),
                segment.getShort(position + 21),
                segment.getInt(position + 23),
                segment.getLong(position + 27),
                segment.getLong(position + 35),
                segment.getLong(position + 43),
                segment.getShort(position + 51),
                segment.getInt(position + 53),
                segment.getInt(position + 57));
    }

    /// Magic 0 and 1: the offset field of a compressed wrapper is its last offset; such batches are kept verbatim.
    private static BatchEnvelope legacy(long offset, int size, byte magic) {
        return new BatchEnvelope(offset, size, -1, magic, 0, (short) 0, 0, -1, -1, -1, (short) -1, -1, 0);
    }

    /// Kafka's id of the compression codec, 0 for none.
    public int codec() {
        return attributes & CODEC_MASK;
    }

    public boolean isLogAppendTime() {
        return (attributes & LOG_APPEND_TIME) != 0;
    }

    public boolean isTransactional() {
        return (attributes & TRANSACTIONAL) != 0;
    }

    public boolean isControl() {
        return (attributes & CONTROL) != 0;
    }

    public long lastOffset() {
        return baseOffset + lastOffsetDelta;
    }
}
