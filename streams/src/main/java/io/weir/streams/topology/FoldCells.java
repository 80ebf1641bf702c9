package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Column;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/// The aggregates of the language.
final class FoldCells {
    private FoldCells() {}

    record Count() implements FoldCell {
        @Override
        public Object add(@Nullable Object cell, Object row, long timeMillis) {
            return cell == null ? 1L : (long) cell + 1;
        }

        @Override
        public Object merge(Object earlier, Object later) {
            return (long) earlier + (long) later;
        }

        @Override
        public Object result(@Nullable Object cell) {
            return cell == null ? 0L : cell;
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            generator.writeNumber((long) cell);
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            return parser.getLongValue();
        }
    }

    /// The number of rows that fulfil a condition.
    record CountIf(Column<Object, @Nullable Object> condition, Count count) implements FoldCell {
        @Override
        public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
            return Boolean.TRUE.equals(condition.of(row)) ? count.add(cell, row, timeMillis) : cell;
        }

        @Override
        public Object merge(Object earlier, Object later) {
            return count.merge(earlier, later);
        }

        @Override
        public Object result(@Nullable Object cell) {
            return count.result(cell);
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            count.write(cell, generator);
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            return count.read(parser);
        }
    }

    /// A sum of integers; an overflow is an error.
    record LongSum(Column<Object, @Nullable Object> of) implements FoldCell {
        @Override
        public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
            Object value = of.of(row);
            if (value == null) {
                return cell;
            }
            long number = integer(value);
            return cell == null ? number : Math.addExact((long) cell, number);
        }

        @Override
        public Object merge(Object earlier, Object later) {
            return Math.addExact((long) earlier, (long) later);
        }

        @Override
        public @Nullable Object result(@Nullable Object cell) {
            return cell;
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            generator.writeNumber((long) cell);
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            return parser.getLongValue();
        }
    }

    /// An exact sum of integers and decimals.
    record DecimalSum(Column<Object, @Nullable Object> of) implements FoldCell {
        @Override
        public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
            Object value = of.of(row);
            if (value == null) {
                return cell;
            }
            return cell == null ? decimal(value) : ((BigDecimal) cell).add(decimal(value));
        }

        @Override
        public Object merge(Object earlier, Object later) {
            return ((BigDecimal) earlier).add((BigDecimal) later);
        }

        @Override
        public @Nullable Object result(@Nullable Object cell) {
            return cell;
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            generator.writeNumber((BigDecimal) cell);
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            return parser.getDecimalValue();
        }
    }

    /// A sum of binary floating point numbers.
    record DoubleSum(Column<Object, @Nullable Object> of) implements FoldCell {
        @Override
        public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
            Object value = of.of(row);
            if (!(value instanceof Number number)) {
                return cell;
            }
            return cell == null ? number.doubleValue() : (double) cell + number.doubleValue();
        }

        @Override
        public Object merge(Object earlier, Object later) {
            return (double) earlier + (double) later;
        }

        @Override
        public @Nullable Object result(@Nullable Object cell) {
            return cell;
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            generator.writeString(Double.toString((double) cell));
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            return Double.valueOf(parser.getText());
        }
    }

    /// The least or the greatest value.
    ///
    /// @param sign -1 for the least, 1 for the greatest
    /// @param type what the values are read back as
    record Extreme(Column<Object, @Nullable Object> of, int sign, Class<?> type, ObjectMapper json)
            implements FoldCell {
        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // all values of one column have its type
        public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
            Object value = of.of(row);
            if (value == null) {
                return cell;
            }
            Object fitting = type == Long.class ? (Object) integer(value) : value;
            return cell == null || sign * ((Comparable) fitting).compareTo(cell) > 0 ? fitting : cell;
        }

        @Override
        @SuppressWarnings({"unchecked", "rawtypes"}) // as above
        public Object merge(Object earlier, Object later) {
            return sign * ((Comparable) later).compareTo(earlier) > 0 ? later : earlier;
        }

        @Override
        public @Nullable Object result(@Nullable Object cell) {
            return cell;
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            json.writeValue(generator, cell);
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            return json.readerFor(type)
                    .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(parser);
        }
    }

    /// An exact sum and the number of its values.
    record SumAndCount(BigDecimal sum, long count) {}

    /// The exact sum divided by the number of values.
    ///
    /// @param asDecimal true: the result is a decimal of 34 digits; false: a double
    record Average(Column<Object, @Nullable Object> of, boolean asDecimal) implements FoldCell {
        @Override
        public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
            Object value = of.of(row);
            if (value == null) {
                return cell;
            }
            return cell instanceof SumAndCount known
                    ? new SumAndCount(known.sum.add(decimal(value)), known.count + 1)
                    : new SumAndCount(decimal(value), 1);
        }

        @Override
        public Object merge(Object earlier, Object later) {
            SumAndCount one = (SumAndCount) earlier;
            SumAndCount other = (SumAndCount) later;
            return new SumAndCount(one.sum.add(other.sum), one.count + other.count);
        }

        @Override
        public @Nullable Object result(@Nullable Object cell) {
            if (!(cell instanceof SumAndCount known)) {
                return null;
            }
            BigDecimal average = known.sum.divide(BigDecimal.valueOf(known.count), MathContext.DECIMAL128);
            return asDecimal ? (Object) average : (Object) average.doubleValue();
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            SumAndCount known = (SumAndCount) cell;
            generator.writeStartArray();
            generator.writeNumber(known.sum);
            generator.writeNumber(known.count);
            generator.writeEndArray();
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            parser.nextToken();
            BigDecimal sum = parser.getDecimalValue();
            parser.nextToken();
            long count = parser.getLongValue();
            parser.nextToken();
            return new SumAndCount(sum, count);
        }
    }

    /// A sum of binary floating point numbers and their number.
    record DoubleAndCount(double sum, long count) {}

    /// The average of binary floating point numbers.
    record ApproximateAverage(Column<Object, @Nullable Object> of) implements FoldCell {
        @Override
        public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
            if (!(of.of(row) instanceof Number number)) {
                return cell;
            }
            return cell instanceof DoubleAndCount known
                    ? new DoubleAndCount(known.sum + number.doubleValue(), known.count + 1)
                    : new DoubleAndCount(number.doubleValue(), 1);
        }

        @Override
        public Object merge(Object earlier, Object later) {
            DoubleAndCount one = (DoubleAndCount) earlier;
            DoubleAndCount other = (DoubleAndCount) later;
            return new DoubleAndCount(one.sum + other.sum, one.count + other.count);
        }

        @Override
        public @Nullable Object result(@Nullable Object cell) {
            return cell instanceof DoubleAndCount known ? (Object) (known.sum / known.count) : null;
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            DoubleAndCount known = (DoubleAndCount) cell;
            generator.writeStartArray();
            generator.writeString(Double.toString(known.sum));
            generator.writeNumber(known.count);
            generator.writeEndArray();
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            parser.nextToken();
            double sum = Double.parseDouble(parser.getText());
            parser.nextToken();
            long count = parser.getLongValue();
            parser.nextToken();
            return new DoubleAndCount(sum, count);
        }
    }

    static long integer(Object value) {
        return switch (value) {
            case Long number -> number;
            case Integer number -> number;
            case Short number -> number;
            case Byte number -> number;
            default ->
                throw new IllegalArgumentException(
                        "an integer is needed, got " + value.getClass().getSimpleName() + " " + value);
        };
    }

    private static BigDecimal decimal(Object value) {
        return switch (value) {
            case BigDecimal number -> number;
            case BigInteger number -> new BigDecimal(number);
            default -> BigDecimal.valueOf(integer(value));
        };
    }
}
