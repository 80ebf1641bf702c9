package io.weir.tiered.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// Texts and ids. What stands in a dictionary is kept once, however many entries have it.
final class ByteValues implements ColumnValues {
    private static final long[] NO_NUMBERS = {};
    private static final int LEAST_BYTES = 16;

    private final ByteColumn column;
    private final @Nullable Dictionary dictionary;

    /// Where the dictionary's values begin, and behind them where the last one ends; null until they are needed.
    private int @Nullable [] dictionaryStarts;

    /// @param bytesPerEntry a guess, for columns without a dictionary
    ByteValues(int entries, int bytesPerEntry, @Nullable Dictionary dictionary) {
        long guess = dictionary == null ? (long) entries * bytesPerEntry : LEAST_BYTES;
        this.column = new ByteColumn(entries, (int) Math.min(guess, Integer.MAX_VALUE - 8L));
        this.dictionary = dictionary;
    }

    @Override
    public void read(PageValues page, Targets targets) {
        switch (page.encoding()) {
            case PLAIN_DICTIONARY, RLE_DICTIONARY -> fromDictionary(page.dictionaryIds(), targets);
            case PLAIN -> {
                if (page.column().getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY) {
                    plain(page, targets);
                } else {
                    each(page.reader(), page.wanted(), targets);
                }
            }
            case DELTA_LENGTH_BYTE_ARRAY -> deltaLengths(page, targets);
            case DELTA_BYTE_ARRAY -> deltas(page, targets);
            default -> each(page.reader(), page.wanted(), targets);
        }
    }

    private void fromDictionary(int[] ids, Targets targets) {
        int[] starts = dictionaryStarts();
        for (int i = 0; i < ids.length; i++) {
            int start = starts[ids[i]];
            column.point(targets.of(i), start, starts[ids[i] + 1] - start);
        }
    }

    private int[] dictionaryStarts() {
        int[] known = dictionaryStarts;
        if (known != null) {
            return known;
        }
        Dictionary all = dictionary;
        if (all == null) {
            throw new IllegalStateException("A page refers to a dictionary that is not there.");
        }
        int[] starts = new int[all.getMaxId() + 2];
        for (int id = 0; id <= all.getMaxId(); id++) {
            ByteBuffer value = all.decodeToBinary(id).toByteBuffer();
            starts[id] = column.append(value);
            starts[id + 1] = starts[id] + value.remaining();
        }
        dictionaryStarts = starts;
        return starts;
    }

    /// Each value behind its length.
    private void plain(PageValues page, Targets targets) {
        PageBytes data = page.data();
        int at = data.at();
        for (int i = -page.skipped(); i < page.wanted(); i++) {
            int length = data.lengthAt(at);
            at += Integer.BYTES;
            if (i >= 0) {
                column.point(targets.of(i), column.append(data.bytes(), at, length), length);
            }
            at += length;
        }
    }

    /// All lengths, then all values.
    private void deltaLengths(PageValues page, Targets targets) {
        ByteBufferInputStream stream = page.data().stream();
        DeltaBinaryPackingValuesReader lengths = numbers(stream, page.entries());
        PageBytes values = rest(stream);
        int at = values.at();
        for (int i = -page.skipped(); i < page.wanted(); i++) {
            int length = lengths.readInteger();
            if (i >= 0) {
                column.point(targets.of(i), column.append(values.bytes(), at, length), length);
            }
            at += length;
        }
    }

    /// What each value has in common with the one before, the lengths of the rest, and the rests.
    private void deltas(PageValues page, Targets targets) {
        ByteBufferInputStream stream = page.data().stream();
        DeltaBinaryPackingValuesReader prefixes = numbers(stream, page.entries());
        DeltaBinaryPackingValuesReader lengths = numbers(stream, page.entries());
        PageBytes values = rest(stream);
        int at = values.at();
        int before = 0;
        for (int i = -page.skipped(); i < page.wanted(); i++) {
            int prefix = prefixes.readInteger();
            int length = lengths.readInteger();
            before = column.append(before, prefix, values.bytes(), at, length);
            if (i >= 0) {
                column.point(targets.of(i), before, prefix + length);
            }
            at += length;
        }
    }

    private static DeltaBinaryPackingValuesReader numbers(ByteBufferInputStream stream, int entries) {
        DeltaBinaryPackingValuesReader reader = new DeltaBinaryPackingValuesReader();
        try {
            reader.initFromPage(entries, stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return reader;
    }

    private static PageBytes rest(ByteBufferInputStream stream) {
        try {
            return PageBytes.of(stream.slice(stream.available()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void each(ValuesReader reader, int wanted, Targets targets) {
        for (int i = 0; i < wanted; i++) {
            ByteBuffer value = reader.readBytes().toByteBuffer();
            int length = value.remaining();
            column.point(targets.of(i), column.append(value), length);
        }
    }

    @Override
    public long[] numbers() {
        return NO_NUMBERS;
    }

    @Override
    public ByteColumn bytes() {
        return column;
    }
}
