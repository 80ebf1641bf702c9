package io.weir.tiered.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.log.cluster.LogConnection;
import io.weir.log.journal.CompactedJournal;
import io.weir.log.journal.Journal;
import io.weir.log.journal.JournalSettings;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.gate.FunctionList;
import io.weir.tiered.query.gate.Gate;
import io.weir.tiered.query.process.ChildPool;
import io.weir.tiered.query.process.ChildSettings;
import io.weir.tiered.query.process.ChildStatement;
import io.weir.tiered.query.process.RowSink.ResultColumn;
import io.weir.tiered.query.schema.PinnedSchemas;
import io.weir.tiered.query.schema.TopicSchema;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/// An engine on a running log, with real children, and answers as plain Java values.
final class SqlFixture implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    final ChildPool children;
    final KafkaTopicLog log;
    final Journal<Map<String, TopicSchema>> journal;
    final SqlEngine engine;

    /// @param rows each a JSON array
    record Answer(
            String queryId,
            List<ResultColumn> columns,
            List<JsonNode> rows,
            Map<TopicName, TopicCut> cut,
            SqlAnswer end) {
        List<String> names() {
            return columns.stream().map(ResultColumn::name).toList();
        }

        String type(String name) {
            return columns.stream()
                    .filter(column -> column.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .type();
        }

        /// Rows as text, sorted.
        List<String> sorted() {
            return rows.stream().map(JsonNode::toString).sorted().toList();
        }

        JsonNode only() {
            if (rows.size() != 1) {
                throw new AssertionError("One row is expected, got " + rows);
            }
            return rows.getFirst();
        }

        /// The cut, as the next request takes it.
        AsOf asOf() {
            Map<TopicName, AsOf.Vector> vectors = new java.util.HashMap<>();
            cut.forEach((topic, part) -> {
                Map<Integer, Long> from = new java.util.HashMap<>();
                Map<Integer, Long> to = new java.util.HashMap<>();
                Map<Integer, Long> cold = new java.util.HashMap<>();
                part.partitions().forEach((partition, offsets) -> {
                    from.put(partition, offsets.from());
                    to.put(partition, offsets.to());
                    cold.put(partition, offsets.cold());
                });
                vectors.put(topic, new AsOf.Vector(from, to, cold));
            });
            return new AsOf(vectors);
        }
    }

    SqlFixture(LogConnection connection, Path directory, ColdFiles coldFiles) throws IOException {
        this(connection, directory, coldFiles, childSettings(directory), SqlSettings.of(directory.resolve("hot")));
    }

    SqlFixture(
            LogConnection connection,
            Path directory,
            ColdFiles coldFiles,
            ChildSettings childSettings,
            SqlSettings settings)
            throws IOException {
        this(
                connection,
                directory,
                coldFiles,
                () -> {
                    throw new IllegalStateException("Files are read in place here.");
                },
                childSettings,
                settings);
    }

    /// @param store of files that are not read in place
    SqlFixture(
            LogConnection connection,
            Path directory,
            ColdFiles coldFiles,
            Supplier<ObjectStore> store,
            ChildSettings childSettings,
            SqlSettings settings)
            throws IOException {
        children = ChildPool.open(childSettings);
        log = KafkaTopicLog.open(connection, Clock.systemUTC());
        journal = CompactedJournal.open(
                connection,
                JournalSettings.of(TopicName.of("__weir_catalog")),
                Map.<String, TopicSchema>of(),
                PinnedSchemas::fold);
        engine = new SqlEngine(
                settings,
                new SqlEngine.Parts(
                        log,
                        log::consumer,
                        coldFiles,
                        store,
                        TopicTables.none(),
                        new PinnedSchemas(journal),
                        (principal, topic) -> !topic.value().startsWith("secret"),
                        new Gate(FunctionList.shipped()),
                        children,
                        Clock.systemUTC(),
                        () -> UUID.randomUUID().toString()));
    }

    static ChildSettings childSettings(Path directory) {
        return ChildSettings.of(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                Path.of(System.getProperty("weir.sql.child.dir")),
                directory.resolve("children"));
    }

    Answer ask(String sql) {
        return ask(sql, AsOf.now());
    }

    Answer ask(String sql, AsOf asOf) {
        return ask(new SqlRequest(
                sql, "local", asOf, false, 1_000_000, Duration.ofSeconds(30), ChildStatement.Format.JSON));
    }

    Answer ask(SqlRequest request) {
        Collected collected = new Collected();
        try {
            SqlAnswer end = engine.run(request, collected);
            return new Answer(collected.queryId, collected.columns, collected.rows, collected.cut, end);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static final class Collected implements AnswerSink {
        private String queryId = "";
        private List<ResultColumn> columns = List.of();
        private Map<TopicName, TopicCut> cut = Map.of();
        private final List<JsonNode> rows = new ArrayList<>();

        @Override
        public void begin(String id, List<ResultColumn> resultColumns, Map<TopicName, TopicCut> resultCut) {
            queryId = id;
            columns = resultColumns;
            cut = resultCut;
        }

        @Override
        public void page(byte[] lines) throws IOException {
            for (String line : new String(lines, StandardCharsets.UTF_8).split("\n")) {
                rows.add(JSON.readTree(line));
            }
        }
    }

    @Override
    public void close() {
        engine.close();
        journal.close();
        log.close();
        children.close();
    }
}
