package io.weir.tiered.segment;

import java.nio.ByteBuffer;

/// What the sidecar keeps of one original batch: everything that rows cannot give back, in 64 bytes.
///
/// ```
/// 0 relBase i32 | 4 lastOffsetDelta i32 | 8 count i32 | 12 leaderEpoch i32 | 16 attributes i16 | 18 flags
/// i16
/// 20 baseTimestamp i64 | 28 maxTimestamp i64 | 36 producerId i64 | 44 producerEpoch i16 | 46 magic i8 | 47
/// pad i8
/// 48 baseSequence i32 | 52 originalBytes i32 | 56 recordsLen i32 | 60 recordsCrc32c u32
/// ```
///
/// @param relBase base offset minus the segment's
/// @param count records in the batch, without those that were erased; rows present, unless a flag says
///     otherwise
/// @param flags see the constants
/// @param originalBytes size of the batch in the local log
/// @param recordsLen bytes of the uncompressed canonical records section; -1 for VERBATIM
/// @param recordsCrc32c CRC32C of that section; for VERBATIM of the stored batch, all its bytes
public record BatchEntry(
        int relBase,
        int lastOffsetDelta,
        int count,
        int leaderEpoch,
        short attributes,
        short flags,
        long baseTimestamp,
        long maxTimestamp,
        long producerId,
        short producerEpoch,
        byte magic,
        int baseSequence,
        int originalBytes,
        int recordsLen,
        int recordsCrc32c) {
    public static final int BYTES = 64;

    /// Kept as it was, in the VERBATIM section; no rows.
    public static final short VERBATIM = 1;

    /// Transaction marker or another control batch.
    public static final short CONTROL = 2;

    /// Belongs to an aborted transaction: served to read_uncommitted readers, never a row.
    public static final short ABORTED = 4;

    public static final short ERASED_SOME = 8;
    public static final short ERASED_ALL = 16;

    /// LOG_APPEND_TIME batch whose producer's timestamp deltas were set to 0; the checksum covers the result.
    public static final short TS_NORMALISED = 32;

    /// VERBATIM for which no rows could be made (old magic, unknown codec, broken records). A verbatim batch
    /// that is
    /// neither CONTROL, ABORTED nor UNREADABLE has rows too, for SQL; Kafka readers get the stored bytes.
    public static final short UNREADABLE = 64;

    public static BatchEntry of(BatchEnvelope batch, long segmentBase, int flags, int recordsLen, int recordsCrc32c) {
        return new BatchEntry(
                Math.toIntExact(batch.baseOffset() - segmentBase),
                batch.lastOffsetDelta(),
                batch.count(),
                batch.leaderEpoch(),
                batch.attributes(),
                (short) flags,
                batch.baseTimestamp(),
                batch.maxTimestamp(),
                batch.producerId(),
                batch.producerEpoch(),
                batch.magic(),
                batch.baseSequence(),
                batch.sizeInBytes(),
                recordsLen,
                recordsCrc32c);
    }

    /// The same batch when some of its records are gone.
    ///
    /// @param kept records that are left
    public BatchEntry withoutSome(int kept, int newRecordsLen, int newRecordsCrc32c) {
        return with(kept, flags | ERASED_SOME, newRecordsLen, newRecordsCrc32c);
    }

    /// The same batch when all its records are gone: it is served empty, over the same offsets.
    public BatchEntry erased() {
        return with(0, (flags | ERASED_ALL) & ~VERBATIM & ~ERASED_SOME, 0, 0);
    }

    private BatchEntry with(int newCount, int newFlags, int newRecordsLen, int newRecordsCrc32c) {
        return new BatchEntry(
                relBase,
                lastOffsetDelta,
                newCount,
                leaderEpoch,
                attributes,
                (short) newFlags,
                baseTimestamp,
                maxTimestamp,
                producerId,
                producerEpoch,
                magic,
                baseSequence,
                originalBytes,
                newRecordsLen,
                newRecordsCrc32c);
    }

    static BatchEntry read(ByteBuffer page, int position) {
        return new BatchEntry(
                page.getInt(position),
                page.getInt(position + 4),
                page.getInt(position + 8),
                page.getInt(position + 12),
                page.getShort(position + 16),
                page.getShort(position + 18),
                page.getLong(position + 20),
                page.getLong(position + 28),
                page.getLong(position + 36),
                page.getShort(position + 44),
                page.get(position + 46),
                page.getInt(position + 48),
                page.getInt(position + 52),
                page.getInt(position + 56),
                page.getInt(position + 60));
    }

    void write(ByteBuffer page) {
        page.putInt(relBase).putInt(lastOffsetDelta).putInt(count).putInt(leaderEpoch);
        page.putShort(attributes).putShort(flags);
        page.putLong(baseTimestamp).putLong(maxTimestamp).putLong(producerId);
        page.putShort(producerEpoch).put(magic).put((byte) 0);
        page.putInt(baseSequence).putInt(originalBytes).putInt(recordsLen).putInt(recordsCrc32c);
    }

    public boolean has(short flag) {
        return (flags & flag) != 0;
    }

    /// Whether its records stand in rows, whatever Kafka readers get.
    public boolean hasRows() {
        return !has(CONTROL) && !has(ABORTED) && !has(UNREADABLE) && !has(ERASED_ALL);
    }

    public boolean isLogAppendTime() {
        return (attributes & BatchEnvelope.LOG_APPEND_TIME) != 0;
    }

    /// Kafka's id of the codec the producer (or the broker) had used, 0 for none.
    public int codec() {
        return attributes & BatchEnvelope.CODEC_MASK;
    }
}
