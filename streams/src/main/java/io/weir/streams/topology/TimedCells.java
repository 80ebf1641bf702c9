package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The aggregates whose result depends on the event time of the rows.
final class TimedCells {
    private TimedCells() {}

    /// A value and the time of its row; in JSON `[time,value]`.
    record Timed(long timeMillis, Object value) {}

    /// Writes and reads values of one column.
    ///
    /// @param type what a value is read back as
    record Values(Column<Object, @Nullable Object> of, JavaType type, ObjectMapper json) {
        @Nullable
        Object of(Object row) {
            Object value = of.of(row);
            return value != null && type.hasRawClass(Long.class) ? (Object) FoldCells.integer(value) : value;
        }

        void write(Timed timed, JsonGenerator generator) throws IOException {
            generator.writeStartArray();
            generator.writeNumber(timed.timeMillis);
            json.writeValue(generator, timed.value);
            generator.writeEndArray();
        }

        Timed read(JsonParser parser) throws IOException {
            parser.nextToken();
            long timeMillis = parser.getLongValue();
            parser.nextToken();
            Object value = json.readerFor(type)
                    .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readValue(parser);
            parser.nextToken();
            return new Timed(timeMillis, value);
        }
    }

    /// The value of the first row, or of the last one.
    ///
    /// @param last of two rows with the same time the later one wins; else the earlier one
    record Edge(Values values, boolean last) implements FoldCell {
        @Override
        public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
            Object value = values.of(row);
            if (value == null) {
                return cell;
            }
            Timed timed = new Timed(timeMillis, value);
            return cell == null ? timed : merge(cell, timed);
        }

        @Override
        public Object merge(Object earlier, Object later) {
            long before = ((Timed) earlier).timeMillis;
            long after = ((Timed) later).timeMillis;
            boolean takesLater = last ? after >= before : after < before;
            return takesLater ? later : earlier;
        }

        @Override
        public @Nullable Object result(@Nullable Object cell) {
            return cell instanceof Timed timed ? timed.value : null;
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            values.write((Timed) cell, generator);
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            return values.read(parser);
        }
    }

    /// The first values in the order of time, no more than a limit. The cell is a list of [Timed].
    record Collected(Values values, int limit) implements FoldCell {
        @Override
        public @Nullable Object add(@Nullable Object cell, Object row, long timeMillis) {
            Object value = values.of(row);
            if (value == null) {
                return cell;
            }
            List<Timed> list = cell == null ? new ArrayList<>() : list(cell);
            insert(list, new Timed(timeMillis, value));
            return list;
        }

        @Override
        public Object merge(Object earlier, Object later) {
            List<Timed> list = list(earlier);
            list(later).forEach(timed -> insert(list, timed));
            return list;
        }

        private void insert(List<Timed> list, Timed timed) {
            int at = list.size();
            while (at > 0 && list.get(at - 1).timeMillis > timed.timeMillis) {
                at--;
            }
            list.add(at, timed);
            if (list.size() > limit) {
                list.removeLast();
            }
        }

        @Override
        public Object result(@Nullable Object cell) {
            return cell == null
                    ? List.of()
                    : Collections.unmodifiableList(
                            list(cell).stream().map(Timed::value).toList());
        }

        @Override
        public void write(Object cell, JsonGenerator generator) throws IOException {
            generator.writeStartArray();
            for (Timed timed : list(cell)) {
                values.write(timed, generator);
            }
            generator.writeEndArray();
        }

        @Override
        public Object read(JsonParser parser) throws IOException {
            List<Timed> list = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                list.add(values.read(parser));
            }
            return list;
        }

        @SuppressWarnings("unchecked") // nothing else is ever put into this cell
        private static List<Timed> list(Object cell) {
            return (List<Timed>) cell;
        }
    }
}
