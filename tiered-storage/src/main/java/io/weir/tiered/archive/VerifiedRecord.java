package io.weir.tiered.archive;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;

/// A record as a consumer sees it, for comparing two copies of it.
///
/// @param key null and empty differ, as in Kafka
record VerifiedRecord(
        long offset,
        long timestamp,
        @Nullable ByteBuffer key,
        @Nullable ByteBuffer value,
        List<HeaderCopy> headers) {

    /// One header, in order.
    record HeaderCopy(String name, @Nullable ByteBuffer value) {}

    /// Records in offset order. One thread.
    interface Source extends AutoCloseable {
        /// Least offset that it may give.
        long firstOffset();

        /// The next record, or null behind the last.
        @Nullable
        VerifiedRecord next();

        @Override
        void close();
    }

    /// @param timestamp as the batch shows it, which is not always as the record holds it
    static VerifiedRecord of(Record record, long timestamp) {
        List<HeaderCopy> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new HeaderCopy(header.key(), wrapped(header.value())));
        }
        return new VerifiedRecord(record.offset(), timestamp, copy(record.key()), copy(record.value()), headers);
    }

    static VerifiedRecord of(ConsumerRecord<byte[], byte[]> record) {
        List<HeaderCopy> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new HeaderCopy(header.key(), wrapped(header.value())));
        }
        return new VerifiedRecord(
                record.offset(), record.timestamp(), wrapped(record.key()), wrapped(record.value()), headers);
    }

    private static @Nullable ByteBuffer wrapped(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    /// Rebuilt batches lie in a buffer that is used again.
    private static @Nullable ByteBuffer copy(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            return null;
        }
        byte[] copied = new byte[bytes.remaining()];
        bytes.duplicate().get(copied);
        return ByteBuffer.wrap(copied);
    }
}
