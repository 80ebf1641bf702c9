package io.weir.streams.topology;

import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateQuestion;
import io.weir.streams.job.state.StateRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// One page of windows out of the entries of a store, in the order of the entries.
///
/// @param keys of the rows
record EntryRange(StoreQueries queries, RowFormat keys, StateQuestion question) {
    /// @param key the row's key
    /// @param endMillis first millisecond after the window
    record Window(Bytes key, long startMillis, long endMillis, Supplier<Object> row) {}

    /// @param from first entry, unless a page before ended behind it
    /// @param to the entry before which they end
    /// @param lateFrom for the time of a row: the gate's time from which on it is late
    /// @param window what an entry says; null for one that nobody asked for
    StateAnswer rows(
            Bytes from,
            Bytes to,
            long gateMillis,
            LongUnaryOperator lateFrom,
            Function<KeyValue<Bytes, byte[]>, @Nullable Window> window) {
        byte[] after = question.after() == null ? null : Base64.getUrlDecoder().decode(question.after());
        byte @Nullable [] lowest = bytes(question.fromKey());
        byte @Nullable [] highest = bytes(question.toKey());
        RangeQuery<Bytes, byte[]> query = RangeQuery.<Bytes, byte[]>withRange(
                        after == null ? from : Bytes.wrap(after), to)
                .withAscendingKeys();
        List<StateRow> rows = new ArrayList<>();
        byte[] last = null;
        for (QueryResult<KeyValueIterator<Bytes, byte[]>> result :
                queries.ask(query).values()) {
            try (KeyValueIterator<Bytes, byte[]> entries = result.getResult()) {
                while (entries.hasNext()) {
                    KeyValue<Bytes, byte[]> entry = entries.next();
                    boolean seen = Arrays.equals(entry.key.get(), after);
                    Window found = seen || entry.key.compareTo(to) >= 0 ? null : window.apply(entry);
                    if (found == null || !Paging.within(found.key().get(), lowest, highest)) {
                        continue;
                    }
                    if (rows.size() == question.limit()) {
                        return new StateAnswer.Rows(rows, queries.position(), gateMillis, false, Paging.cursor(last));
                    }
                    Object key = Objects.requireNonNull(keys.read(found.key().get()));
                    rows.add(WindowReads.row(
                            queries,
                            key,
                            found.startMillis(),
                            found.endMillis(),
                            found.row().get()));
                    last = entry.key.get();
                }
            }
        }
        boolean settled = WindowReads.settled(question, rows, gateMillis, lateFrom);
        return new StateAnswer.Rows(rows, queries.position(), gateMillis, settled, null);
    }

    private byte @Nullable [] bytes(@Nullable String key) {
        return key == null ? null : keys.write(StoreReads.key(keys, key));
    }
}
