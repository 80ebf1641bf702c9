package io.weir.tiered.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.values.ValuesReader;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// Whole numbers, the bits of floating-point ones as a `double`, 0 or 1.
final class NumberValues implements ColumnValues {
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ByteColumn NONE = new ByteColumn(0, 0);

    private final PrimitiveTypeName type;
    private final long[] numbers;
    private final long[] dictionary;

    NumberValues(PrimitiveTypeName type, int entries, @Nullable Dictionary dictionary) {
        this.type = type;
        this.numbers = new long[entries];
        this.dictionary = dictionary == null ? new long[0] : numbersOf(dictionary);
    }

    private long[] numbersOf(Dictionary all) {
        long[] decoded = new long[all.getMaxId() + 1];
        for (int id = 0; id < decoded.length; id++) {
            decoded[id] = switch (type) {
                case INT64 -> all.decodeToLong(id);
                case INT32 -> all.decodeToInt(id);
                case DOUBLE -> Double.doubleToRawLongBits(all.decodeToDouble(id));
                case FLOAT -> Double.doubleToRawLongBits(all.decodeToFloat(id));
                case BOOLEAN -> all.decodeToBoolean(id) ? 1 : 0;
                default -> throw unknown();
            };
        }
        return decoded;
    }

    @Override
    public void read(PageValues page, Targets targets) {
        if (page.encoding().usesDictionary()) {
            int[] ids = page.dictionaryIds();
            for (int i = 0; i < ids.length; i++) {
                numbers[targets.of(i)] = dictionary[ids[i]];
            }
        } else if (type == PrimitiveTypeName.BOOLEAN && page.encoding() == Encoding.RLE) {
            truths(page, targets);
        } else if (page.encoding() == Encoding.PLAIN
                && (type == PrimitiveTypeName.INT64 || type == PrimitiveTypeName.DOUBLE)) {
            byte[] bytes = page.data().bytes();
            int at = page.data().at() + page.skipped() * Long.BYTES;
            for (int i = 0; i < page.wanted(); i++) {
                numbers[targets.of(i)] = (long) LONG.get(bytes, at + i * Long.BYTES);
            }
        } else {
            each(page.reader(), page.wanted(), targets);
        }
    }

    private void truths(PageValues page, Targets targets) {
        PageBytes data = page.data();
        byte[] truths = new byte[page.skipped() + page.wanted()];
        new RunLengths(data.bytes(), data.at() + Integer.BYTES, data.end(), 1).read(truths, 0, truths.length);
        for (int i = 0; i < page.wanted(); i++) {
            numbers[targets.of(i)] = truths[page.skipped() + i];
        }
    }

    private void each(ValuesReader reader, int wanted, Targets targets) {
        switch (type) {
            case INT64 -> {
                for (int i = 0; i < wanted; i++) {
                    numbers[targets.of(i)] = reader.readLong();
                }
            }
            case INT32 -> {
                for (int i = 0; i < wanted; i++) {
                    numbers[targets.of(i)] = reader.readInteger();
                }
            }
            case DOUBLE -> {
                for (int i = 0; i < wanted; i++) {
                    numbers[targets.of(i)] = Double.doubleToRawLongBits(reader.readDouble());
                }
            }
            case FLOAT -> {
                for (int i = 0; i < wanted; i++) {
                    numbers[targets.of(i)] = Double.doubleToRawLongBits(reader.readFloat());
                }
            }
            case BOOLEAN -> {
                for (int i = 0; i < wanted; i++) {
                    numbers[targets.of(i)] = reader.readBoolean() ? 1 : 0;
                }
            }
            default -> throw unknown();
        }
    }

    private IllegalStateException unknown() {
        return new IllegalStateException("A column of numbers cannot be " + type + ".");
    }

    @Override
    public long[] numbers() {
        return numbers;
    }

    @Override
    public ByteColumn bytes() {
        return NONE;
    }
}
