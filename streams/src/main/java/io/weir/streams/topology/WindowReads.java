package io.weir.streams.topology;

import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateQuestion;
import io.weir.streams.job.state.StateRow;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongUnaryOperator;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/// Reads of windows behind a gate. A store holds the windows that are open; one that has closed left it as a row of
/// the output, and is final.
final class WindowReads {
    /// A key's windows are looked up one by one, so no more than this at once.
    private static final long MOST_WINDOWS = 10_000;

    private WindowReads() {}

    static StateAnswer aligned(StoreQueries queries, StoreForm.Aligned form, StateQuestion question) {
        long gate = gate(queries, question);
        String wanted = question.key();
        if (wanted == null) {
            return alignedRange(queries, form, question, gate);
        }
        Object key = StoreReads.key(form.keys(), wanted);
        byte[] bytes = Objects.requireNonNull(form.keys().write(key));
        AlignedWindows windows = form.windows();
        long first = firstStart(windows, question, gate);
        long last = Math.min(windows.lastStart(Math.max(0, gate)), lastStart(windows, question));
        if ((last - first) / windows.everyMillis() >= MOST_WINDOWS) {
            return new StateAnswer.Refused(
                    "has more than " + MOST_WINDOWS + " windows open at once: narrow the range with from and to.");
        }
        List<StateRow> rows = new ArrayList<>();
        long start = first;
        do {
            Bytes at = WindowFoldProcessor.storeKey(start, bytes);
            for (QueryResult<byte @Nullable []> result :
                    queries.ask(KeyQuery.<Bytes, byte @Nullable []>withKey(at)).values()) {
                byte[] state = result.getResult();
                if (state != null && start <= last) {
                    rows.add(row(
                            queries,
                            key,
                            start,
                            start + windows.sizeMillis(),
                            form.fold().result(state)));
                }
            }
            start += windows.everyMillis();
        } while (start <= last);
        return answer(queries, question, rows, gate, windows::lateFrom);
    }

    /// The first window that is open and reaches into the time that is asked for.
    private static long firstStart(AlignedWindows windows, StateQuestion question, long gate) {
        long closed = windows.lastClosedStart(gate);
        long open = closed < 0 ? 0 : closed + windows.everyMillis();
        long asked = question.fromMillis() <= 0 ? 0 : windows.firstStart(question.fromMillis());
        return Math.max(open, asked);
    }

    private static long lastStart(AlignedWindows windows, StateQuestion question) {
        return question.toMillis() <= 0 ? -1 : windows.lastStart(question.toMillis() - 1);
    }

    /// In the order of their starts, then of their keys.
    private static StateAnswer alignedRange(
            StoreQueries queries, StoreForm.Aligned form, StateQuestion question, long gate) {
        AlignedWindows windows = form.windows();
        long last = lastStart(windows, question);
        Bytes from = WindowFoldProcessor.storeKey(
                question.fromMillis() <= 0 ? 0 : windows.firstStart(question.fromMillis()), new byte[0]);
        Bytes to = WindowFoldProcessor.storeKey(last + 1, new byte[0]);
        return new EntryRange(queries, form.keys(), question).rows(from, to, gate, windows::lateFrom, entry -> {
            ByteBuffer at = ByteBuffer.wrap(entry.key.get());
            long start = at.getLong();
            byte[] key = new byte[at.remaining()];
            at.get(key);
            return new EntryRange.Window(
                    Bytes.wrap(key),
                    start,
                    start + windows.sizeMillis(),
                    () -> form.fold().result(entry.value));
        });
    }

    static StateAnswer sessions(StoreQueries queries, StoreForm.Sessions form, StateQuestion question) {
        long gate = gate(queries, question);
        String wanted = question.key();
        Bytes from = Bytes.wrap(new byte[] {SessionStore.SESSION});
        Bytes to = Bytes.wrap(new byte[] {SessionStore.SESSION + 1});
        if (wanted != null) {
            byte[] key = Objects.requireNonNull(form.keys().write(StoreReads.key(form.keys(), wanted)));
            from = StoreKeys.ofKey(SessionStore.SESSION, key, 0, 0);
            to = StoreKeys.ofKey(SessionStore.SESSION, key, Long.MAX_VALUE, 0);
        }
        LongUnaryOperator lateFrom = time -> time + form.gapMillis() + form.graceMillis() + 1;
        return new EntryRange(queries, form.keys(), question).rows(from, to, gate, lateFrom, entry -> {
            byte[] key = StoreKeys.keyOfKey(entry.key);
            SessionStore.Session session = SessionStore.session(key, StoreKeys.timeOfKey(entry.key), entry.value);
            boolean asked = !session.closed()
                    && session.endMillis() >= question.fromMillis()
                    && session.startMillis() < question.toMillis();
            return asked
                    ? new EntryRange.Window(
                            Bytes.wrap(key),
                            session.startMillis(),
                            session.endMillis() + 1,
                            () -> form.fold().result(session.state()))
                    : null;
        });
    }

    /// Folds the rows of a key into the windows that end or begin with one of them, as they will when they close.
    static StateAnswer sliding(StoreQueries queries, StoreForm.Sliding form, StateQuestion question) {
        String wanted = question.key();
        if (wanted == null) {
            return new StateAnswer.Refused("keeps rows, which are folded for one key at a time: name a key.");
        }
        long gate = gate(queries, question);
        Object key = StoreReads.key(form.keys(), wanted);
        byte[] bytes = Objects.requireNonNull(form.keys().write(key));
        NavigableMap<Long, List<Object>> kept = new TreeMap<>();
        RangeQuery<Bytes, byte[]> query = RangeQuery.withRange(
                StoreKeys.ofKey(SlidingFoldProcessor.ROW, bytes, 0, 0),
                StoreKeys.ofKey(SlidingFoldProcessor.ROW, bytes, Long.MAX_VALUE, 0));
        for (QueryResult<KeyValueIterator<Bytes, byte[]>> result :
                queries.ask(query).values()) {
            try (KeyValueIterator<Bytes, byte[]> entries = result.getResult()) {
                entries.forEachRemaining(
                        entry -> kept.computeIfAbsent(StoreKeys.timeOfKey(entry.key), time -> new ArrayList<>())
                                .add(Objects.requireNonNull(form.rows().read(entry.value))));
            }
        }
        List<StateRow> rows = new ArrayList<>();
        for (long end : windowEnds(kept, form.differenceMillis())) {
            long start = end - form.differenceMillis();
            boolean open = end + form.graceMillis() >= gate;
            if (open && end >= question.fromMillis() && start < question.toMillis()) {
                byte[] state = null;
                for (Map.Entry<Long, List<Object>> each :
                        kept.subMap(start, true, end, true).entrySet()) {
                    for (Object row : each.getValue()) {
                        state = form.fold().add(state, key, row, each.getKey());
                    }
                }
                rows.add(row(queries, key, start, end + 1, form.fold().result(Objects.requireNonNull(state))));
            }
        }
        return answer(queries, question, rows, gate, time -> time + form.graceMillis() + 1);
    }

    /// The last milliseconds of all windows: one ends with each row, one begins right behind it if that holds a row.
    private static NavigableSet<Long> windowEnds(NavigableMap<Long, List<Object>> rows, long difference) {
        NavigableSet<Long> ends = new TreeSet<>();
        for (long time : rows.keySet()) {
            ends.add(Math.max(time, difference));
            if (!rows.subMap(time, false, time + 1 + difference, true).isEmpty()) {
                ends.add(time + 1 + difference);
            }
        }
        return ends;
    }

    /// The time of the gate; [LateGate#NOTHING_YET] where no row has come.
    private static long gate(StoreQueries queries, StateQuestion question) {
        KeyQuery<Integer, @Nullable Long> query = KeyQuery.withKey(question.partition());
        for (QueryResult<@Nullable Long> result :
                queries.askBeside(LateRows.gateName(question.store()), query).values()) {
            return Objects.requireNonNullElse(result.getResult(), LateGate.NOTHING_YET);
        }
        return LateGate.NOTHING_YET;
    }

    /// @param lateFrom for the time of a row: the gate's time from which on it is late
    private static StateAnswer answer(
            StoreQueries queries, StateQuestion question, List<StateRow> rows, long gate, LongUnaryOperator lateFrom) {
        return new StateAnswer.Rows(rows, queries.position(), gate, settled(question, rows, gate, lateFrom), null);
    }

    /// Whether no row can come any more for the time that is asked for.
    static boolean settled(StateQuestion question, List<StateRow> rows, long gate, LongUnaryOperator lateFrom) {
        long last = question.toMillis() - 1;
        return rows.isEmpty() && last < gate && lateFrom.applyAsLong(Math.max(0, last)) <= gate;
    }

    static StateRow row(StoreQueries queries, Object key, long start, long end, Object value) {
        StateRow.Span window = new StateRow.Span(Instant.ofEpochMilli(start), Instant.ofEpochMilli(end));
        return new StateRow(queries.shown(key), queries.shown(value), window, false);
    }
}
