package io.weir.streams.topology;

import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateQuestion;
import io.weir.streams.job.state.StateRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.VersionedKeyQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.VersionedRecord;
import org.jspecify.annotations.Nullable;

/// Reads of stores with one row per key.
final class TableReads {
    private TableReads() {}

    static StateAnswer keyValue(StoreQueries queries, StoreForm.KeyValue form, StateQuestion question) {
        String wanted = question.key();
        if (wanted == null) {
            return range(queries, form, question);
        }
        Object key = StoreReads.key(form.keys(), wanted);
        List<StateRow> rows = new ArrayList<>();
        for (QueryResult<@Nullable Object> result : queries.ask(
                        KeyQuery.<Object, @Nullable Object>withKey(stored(form, key)))
                .values()) {
            Object value = result.getResult();
            if (value != null) {
                rows.add(row(queries, key, form.row().apply(value)));
            }
        }
        return new StateAnswer.Rows(rows, queries.position(), null);
    }

    private static Object stored(StoreForm.KeyValue form, Object key) {
        return form.rawKeys() ? Bytes.wrap(Objects.requireNonNull(form.keys().write(key))) : key;
    }

    /// Of one partition, in the order of the keys' bytes.
    private static StateAnswer range(StoreQueries queries, StoreForm.KeyValue form, StateQuestion question) {
        byte[] after = question.after() == null ? null : Base64.getUrlDecoder().decode(question.after());
        Object from = after != null
                ? Objects.requireNonNull(form.keys().read(after))
                : question.fromKey() == null ? null : StoreReads.key(form.keys(), question.fromKey());
        Object to = question.toKey() == null ? null : StoreReads.key(form.keys(), question.toKey());
        RangeQuery<@Nullable Object, Object> query = RangeQuery.<@Nullable Object, Object>withRange(
                        from == null ? null : stored(form, from), to == null ? null : stored(form, to))
                .withAscendingKeys();
        List<StateRow> rows = new ArrayList<>();
        byte[] last = null;
        for (Map.Entry<Integer, QueryResult<KeyValueIterator<@Nullable Object, Object>>> result :
                queries.ask(query).entrySet()) {
            try (KeyValueIterator<@Nullable Object, Object> entries =
                    result.getValue().getResult()) {
                while (entries.hasNext()) {
                    if (rows.size() == question.limit()) {
                        return new StateAnswer.Rows(rows, queries.position(), Paging.cursor(last));
                    }
                    KeyValue<@Nullable Object, Object> entry = entries.next();
                    Object key = Objects.requireNonNull(
                            entry.key instanceof Bytes bytes ? form.keys().read(bytes.get()) : entry.key);
                    byte[] bytes = Objects.requireNonNull(form.keys().write(key));
                    if (!Arrays.equals(bytes, after)) {
                        rows.add(row(queries, key, form.row().apply(entry.value)));
                        last = bytes;
                    }
                }
            }
        }
        return new StateAnswer.Rows(rows, queries.position(), null);
    }

    /// The row of a key as it was at the end of the time that is asked for.
    static StateAnswer versioned(StoreQueries queries, StoreForm.Versioned form, StateQuestion question) {
        String wanted = question.key();
        if (wanted == null) {
            return new StateAnswer.Refused("keeps history and is read by key only: name one.");
        }
        Object key = StoreReads.key(form.keys(), wanted);
        VersionedKeyQuery<Object, Object> query = VersionedKeyQuery.withKey(key);
        if (question.toMillis() != Long.MAX_VALUE) {
            query = query.asOf(Instant.ofEpochMilli(question.toMillis()));
        }
        List<StateRow> rows = new ArrayList<>();
        for (QueryResult<VersionedRecord<Object>> result : queries.ask(query).values()) {
            @Nullable VersionedRecord<Object> found = result.getResult();
            if (found != null) {
                rows.add(row(queries, key, found.value()));
            }
        }
        return new StateAnswer.Rows(rows, queries.position(), null);
    }

    /// Kafka Streams has no interactive queries with a position for these.
    static StateAnswer global(
            StoreQueries queries, KafkaStreams streams, StoreForm.Global form, StateQuestion question) {
        if (!question.atLeast().isEmpty()) {
            return new StateAnswer.Refused("is a global table, which tells no position: leave out atLeast.");
        }
        List<StateRow> rows = new ArrayList<>();
        try {
            ReadOnlyKeyValueStore<Object, @Nullable Object> store = streams.store(StoreQueryParameters.fromNameAndType(
                    question.store(), QueryableStoreTypes.<Object, @Nullable Object>keyValueStore()));
            String wanted = question.key();
            if (wanted != null) {
                Object key = StoreReads.key(form.keys(), wanted);
                Object value = store.get(key);
                if (value != null) {
                    rows.add(row(queries, key, value));
                }
                return new StateAnswer.Rows(rows, Map.of(), null);
            }
            return globalRange(queries, store, form, question, rows);
        } catch (InvalidStateStoreException e) {
            return new StateAnswer.NotActive();
        }
    }

    private static StateAnswer globalRange(
            StoreQueries queries,
            ReadOnlyKeyValueStore<Object, @Nullable Object> store,
            StoreForm.Global form,
            StateQuestion question,
            List<StateRow> rows) {
        byte[] after = question.after() == null ? null : Base64.getUrlDecoder().decode(question.after());
        byte[] last = null;
        String fromKey = question.fromKey();
        String toKey = question.toKey();
        byte[] from = fromKey == null ? null : form.keys().write(StoreReads.key(form.keys(), fromKey));
        byte[] to = toKey == null ? null : form.keys().write(StoreReads.key(form.keys(), toKey));
        try (KeyValueIterator<Object, @Nullable Object> entries = store.all()) {
            while (entries.hasNext()) {
                KeyValue<Object, @Nullable Object> entry = entries.next();
                byte[] bytes = Objects.requireNonNull(form.keys().write(entry.key));
                if (!Paging.within(bytes, from, to) || (after != null && Arrays.compareUnsigned(bytes, after) <= 0)) {
                    continue;
                }
                if (rows.size() == question.limit()) {
                    return new StateAnswer.Rows(rows, Map.of(), Paging.cursor(last));
                }
                rows.add(row(queries, entry.key, Objects.requireNonNull(entry.value)));
                last = bytes;
            }
        }
        return new StateAnswer.Rows(rows, Map.of(), null);
    }

    private static StateRow row(StoreQueries queries, Object key, Object value) {
        return new StateRow(queries.shown(key), queries.shown(value), null, null);
    }
}
