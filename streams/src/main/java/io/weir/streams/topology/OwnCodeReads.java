package io.weir.streams.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateQuestion;
import io.weir.streams.job.state.StateRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.kstream.Windowed;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.VersionedKeyQuery;
import org.apache.kafka.streams.query.WindowKeyQuery;
import org.apache.kafka.streams.query.WindowRangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.VersionedRecord;
import org.apache.kafka.streams.state.WindowStoreIterator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads of stores that a job's own Kafka Streams code has made. Nobody says what they are: each kind of query is
/// tried until the store knows one, and a key is tried as text, number, UUID and bytes until the store's serde takes
/// it. Without a gate nobody knows whether a window is final.
final class OwnCodeReads {
    private static final List<Function<String, @Nullable Object>> KEYS = List.of(
            text -> text,
            text -> number(text, Long::valueOf),
            text -> number(text, Integer::valueOf),
            text -> number(text, UUID::fromString),
            text -> text.getBytes(StandardCharsets.UTF_8),
            text -> Bytes.wrap(text.getBytes(StandardCharsets.UTF_8)));

    private static final Logger LOG = LoggerFactory.getLogger(OwnCodeReads.class);

    private OwnCodeReads() {}

    /// One kind of query.
    private interface Attempt {
        List<StateRow> rows(StoreQueries queries, Object key, StateQuestion question);
    }

    private static final List<Attempt> ATTEMPTS =
            List.of(OwnCodeReads::keyValue, OwnCodeReads::window, OwnCodeReads::session, OwnCodeReads::versioned);

    static StateAnswer read(StoreQueries queries, StateQuestion question) {
        String wanted = question.key();
        if (wanted == null) {
            return all(queries, question);
        }
        for (Function<String, @Nullable Object> form : KEYS) {
            Object key = form.apply(wanted);
            if (key != null) {
                try {
                    return new StateAnswer.Rows(rows(queries, key, question), queries.position(), null);
                } catch (ClassCastException | StreamsException | SerializationException e) {
                    LOG.trace("Its serde takes another type", e);
                }
            }
        }
        return new StateAnswer.Refused("takes no key that can be written as text.");
    }

    private static List<StateRow> rows(StoreQueries queries, Object key, StateQuestion question) {
        StoreQueries.Unanswered last = null;
        for (Attempt attempt : ATTEMPTS) {
            try {
                return attempt.rows(queries, key, question);
            } catch (StoreQueries.Unanswered e) {
                if (!e.unknownQuery()) {
                    throw e;
                }
                last = e;
            }
        }
        throw last == null ? new IllegalStateException("no attempt") : last;
    }

    private static List<StateRow> keyValue(StoreQueries queries, Object key, StateQuestion question) {
        List<StateRow> rows = new ArrayList<>();
        for (QueryResult<@Nullable Object> result :
                queries.ask(KeyQuery.<Object, @Nullable Object>withKey(key)).values()) {
            Object value = result.getResult();
            if (value != null) {
                rows.add(row(queries, key, value, null));
            }
        }
        return rows;
    }

    private static List<StateRow> window(StoreQueries queries, Object key, StateQuestion question) {
        List<StateRow> rows = new ArrayList<>();
        WindowKeyQuery<Object, Object> query = WindowKeyQuery.withKeyAndWindowStartRange(
                key,
                Instant.ofEpochMilli(Math.max(0, question.fromMillis())),
                Instant.ofEpochMilli(question.toMillis()));
        for (QueryResult<WindowStoreIterator<Object>> result :
                queries.ask(query).values()) {
            try (WindowStoreIterator<Object> entries = result.getResult()) {
                while (entries.hasNext() && rows.size() < question.limit()) {
                    KeyValue<Long, Object> entry = entries.next();
                    Instant start = Instant.ofEpochMilli(entry.key);
                    rows.add(row(queries, key, entry.value, new StateRow.Span(start, start)));
                }
            }
        }
        return rows;
    }

    private static List<StateRow> session(StoreQueries queries, Object key, StateQuestion question) {
        List<StateRow> rows = new ArrayList<>();
        WindowRangeQuery<Object, Object> query = WindowRangeQuery.withKey(key);
        for (QueryResult<KeyValueIterator<Windowed<Object>, Object>> result :
                queries.ask(query).values()) {
            try (KeyValueIterator<Windowed<Object>, Object> entries = result.getResult()) {
                while (entries.hasNext() && rows.size() < question.limit()) {
                    KeyValue<Windowed<Object>, Object> entry = entries.next();
                    long start = entry.key.window().start();
                    long end = entry.key.window().end();
                    if (end >= question.fromMillis() && start < question.toMillis()) {
                        rows.add(row(
                                queries,
                                key,
                                entry.value,
                                new StateRow.Span(Instant.ofEpochMilli(start), Instant.ofEpochMilli(end + 1))));
                    }
                }
            }
        }
        return rows;
    }

    private static List<StateRow> versioned(StoreQueries queries, Object key, StateQuestion question) {
        List<StateRow> rows = new ArrayList<>();
        for (QueryResult<VersionedRecord<Object>> result :
                queries.ask(VersionedKeyQuery.<Object, Object>withKey(key)).values()) {
            @Nullable VersionedRecord<Object> found = result.getResult();
            if (found != null) {
                rows.add(row(queries, key, found.value(), null));
            }
        }
        return rows;
    }

    /// The first rows of a table; there is no next page, as nobody can say where it would begin.
    private static StateAnswer all(StoreQueries queries, StateQuestion question) {
        if (question.fromKey() != null || question.toKey() != null || question.after() != null) {
            return new StateAnswer.Refused("is of the job's own code, whose keys have no known order: read it by key.");
        }
        List<StateRow> rows = new ArrayList<>();
        for (QueryResult<KeyValueIterator<Object, Object>> result :
                queries.ask(RangeQuery.<Object, Object>withNoBounds()).values()) {
            try (KeyValueIterator<Object, Object> entries = result.getResult()) {
                while (entries.hasNext() && rows.size() < question.limit()) {
                    KeyValue<Object, Object> entry = entries.next();
                    rows.add(row(queries, entry.key, entry.value, null));
                }
            }
        }
        return new StateAnswer.Rows(rows, queries.position(), null);
    }

    private static StateRow row(StoreQueries queries, Object key, Object value, StateRow.@Nullable Span window) {
        JsonNode shown = queries.shown(value);
        return new StateRow(queries.shown(key), shown, window, null);
    }

    private static @Nullable Object number(String text, Function<String, Object> read) {
        try {
            return read.apply(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
