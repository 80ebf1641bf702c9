package io.weir.log.read;

import io.weir.log.record.RecordContent;
import io.weir.log.record.RecordHeader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/// A record with its place in the log.
public record ReadRecord(int partition, long offset, Instant timestamp, RecordContent content) {
    static ReadRecord of(ConsumerRecord<byte[], byte[]> source) {
        List<RecordHeader> headers = new ArrayList<>();
        for (Header header : source.headers()) {
            headers.add(new RecordHeader(header.key(), header.value()));
        }
        return new ReadRecord(
                source.partition(),
                source.offset(),
                Instant.ofEpochMilli(source.timestamp()),
                new RecordContent(source.key(), source.value(), headers));
    }
}
