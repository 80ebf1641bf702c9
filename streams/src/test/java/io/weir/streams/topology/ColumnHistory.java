package io.weir.streams.topology;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.streams.replay.ColdReader;
import io.weir.streams.replay.ColdRecords;
import io.weir.streams.replay.ColumnFold;
import io.weir.streams.replay.FoldQuery;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// One partition of an archive, as records and as columns in a DuckDB of this JVM.
final class ColumnHistory implements ColdReader, ColumnFold, AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final NavigableMap<Long, ConsumerRecord<byte[], byte[]>> records = new TreeMap<>();
    private final Connection connection;
    private final TopicPartition partition;
    private long end;
    private final List<String> written = new ArrayList<>();

    /// @param columns of the table, beside the fixed ones: `m0 BIGINT, ...`
    ColumnHistory(TopicPartition partition, String columns) {
        this.partition = partition;
        try {
            connection = DriverManager.getConnection("jdbc:duckdb:");
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE rows (_offset BIGINT, _key VARCHAR, _key_is_raw BOOLEAN,"
                        + " _tombstone BOOLEAN, _timestamp_us BIGINT, _exact BOOLEAN, " + columns + ")");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// @param row the values of all columns as SQL
    void add(ConsumerRecord<byte[], byte[]> record, List<String> row) {
        records.put(record.offset(), record);
        end = record.offset() + 1;
        written.add("(" + String.join(", ", row) + ")");
    }

    private void write() {
        if (written.isEmpty()) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO rows VALUES " + String.join(", ", written));
            written.clear();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    long end() {
        return end;
    }

    @Override
    public Map<TopicPartition, Long> ends(String topic) {
        return Map.of(partition, end);
    }

    @Override
    public ColdRecords open(TopicPartition of, long from) {
        return new ColdRecords() {
            private long position = from;

            @Override
            public Part next(long bytes) {
                if (position >= end) {
                    return new Part(List.of(), position, true);
                }
                List<ConsumerRecord<byte[], byte[]>> some = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record :
                        records.tailMap(position).values()) {
                    if (some.size() < 3) {
                        some.add(record);
                    }
                }
                position = some.isEmpty() ? end : some.getLast().offset() + 1;
                return new Part(some, position, false);
            }

            @Override
            public long heldBytes() {
                return 0;
            }

            @Override
            public void release() {}
        };
    }

    @Override
    public Optional<String> absence() {
        return Optional.empty();
    }

    @Override
    public Folded fold(TopicPartition of, long from, long to, FoldQuery query) {
        write();
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        boolean truncated = false;
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE OR REPLACE VIEW history AS SELECT * FROM rows WHERE _offset >= " + from
                    + " AND _offset < " + to);
            int lines = 0;
            try (ResultSet rows = statement.executeQuery(query.sql())) {
                int width = rows.getMetaData().getColumnCount();
                while (rows.next() && !truncated) {
                    truncated = ++lines > query.maxRows();
                    List<String> line = new ArrayList<>();
                    for (int i = 1; i <= width; i++) {
                        line.add(rows.getString(i));
                    }
                    page.write(JSON.writeValueAsBytes(line));
                    page.write('\n');
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(query.sql(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Folded(to, to, List.of(page.toByteArray()), truncated);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
