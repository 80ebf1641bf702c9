package io.weir.tiered.parquet;

import io.weir.tiered.segment.HeadersEncoder;

/// Turns the two leaves of `_headers`, side by side, into Kafka's wire form of each list that is not empty.
final class HeaderDecoder {
    private HeaderDecoder() {}

    static ByteColumn decode(LeafColumn keys, LeafColumn values, int rows) {
        ByteColumn headers = new ByteColumn(rows, 16);
        if (keys.bytes().isEmpty()) {
            return headers;
        }
        HeadersEncoder encoder = new HeadersEncoder();
        for (int row = 0; row < rows; row++) {
            for (int entry = keys.rowStarts()[row]; entry < keys.rowStarts()[row + 1]; entry++) {
                if (keys.isPresent(entry)) {
                    add(encoder, keys.bytes(), values.bytes(), entry);
                }
            }
            if (encoder.count() > 0) {
                headers.set(row, encoder.encode(), encoder.size());
                encoder.reset();
            }
        }
        return headers;
    }

    private static void add(HeadersEncoder encoder, ByteColumn keys, ByteColumn values, int entry) {
        encoder.add(
                keys.bytes(),
                keys.start(entry),
                keys.length(entry),
                values.bytes(),
                values.start(entry),
                values.length(entry));
    }
}
