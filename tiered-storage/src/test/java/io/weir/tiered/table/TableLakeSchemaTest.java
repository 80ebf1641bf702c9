package io.weir.tiered.table;

import static io.weir.tiered.shape.ColumnType.BINARY;
import static io.weir.tiered.shape.ColumnType.BOOLEAN;
import static io.weir.tiered.shape.ColumnType.DOUBLE;
import static io.weir.tiered.shape.ColumnType.LONG;
import static io.weir.tiered.shape.ColumnType.STRING;
import static io.weir.tiered.shape.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.ColumnType;
import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Struct;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.shape.TopicColumns;
import io.weir.tiered.store.FailingObjectStore;
import io.weir.tiered.store.MemoryObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.Table;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableLakeSchemaTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    Path folder;

    private final UUID topic = new UUID(5, 5);
    private final MemoryObjectStore memory = new MemoryObjectStore();
    private final FailingObjectStore store = new FailingObjectStore(memory, 1, 0);
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private LakeFixture lake;

    @BeforeEach
    void open() {
        lake = new LakeFixture(store, URI.create("s3a://bucket"), folder);
    }

    @AfterEach
    void close() {
        store.close();
        pool.shutdownNow();
    }

    private LakeSchema schema() {
        return new TableLakeSchema(lake.open(), pool);
    }

    private static Column fresh(String name, ColumnType type) {
        return new Column(0, name, name, type);
    }

    @Test
    void everyTypeGetsItsIdsFromTheTable() throws Exception {
        // Given
        List<Column> wanted = List.of(
                fresh("id", LONG),
                new Column(0, "a_b", "a.b", STRING),
                fresh("price", new Decimal(18, 2)),
                fresh("ratio", DOUBLE),
                fresh("ok", BOOLEAN),
                fresh("at", TIMESTAMP),
                fresh("ref", ColumnType.UUID),
                fresh("blob", BINARY),
                fresh("where", new Struct(List.of(fresh("lat", DOUBLE), new Column(0, "_", "", STRING)))),
                fresh("tags", new ListOf(fresh("element", STRING))),
                fresh("items", new ListOf(fresh("element", new Struct(List.of(fresh("sku", STRING)))))));

        // When
        TopicColumns grown = schema().grow("orders", topic, wanted, SOON);

        // Then
        assertThat(grown.columns())
                .containsExactly(
                        new Column(13, "id", "id", LONG),
                        new Column(14, "a_b", "a.b", STRING),
                        new Column(15, "price", "price", new Decimal(18, 2)),
                        new Column(16, "ratio", "ratio", DOUBLE),
                        new Column(17, "ok", "ok", BOOLEAN),
                        new Column(18, "at", "at", TIMESTAMP),
                        new Column(19, "ref", "ref", ColumnType.UUID),
                        new Column(20, "blob", "blob", BINARY),
                        new Column(
                                21,
                                "where",
                                "where",
                                new Struct(List.of(
                                        new Column(22, "lat", "lat", DOUBLE), new Column(23, "_", "", STRING)))),
                        new Column(24, "tags", "tags", new ListOf(new Column(25, "element", "element", STRING))),
                        new Column(
                                26,
                                "items",
                                "items",
                                new ListOf(new Column(
                                        27,
                                        "element",
                                        "element",
                                        new Struct(List.of(new Column(28, "sku", "sku", STRING)))))));
        assertThat(schema().columns("orders", topic)).isEqualTo(grown);
    }

    @Test
    void growingKeepsWhatIsThereAndAddsAtAnyDepth() throws Exception {
        // Given
        TopicColumns first = schema().grow(
                        "orders",
                        topic,
                        List.of(fresh("id", LONG), fresh("where", new Struct(List.of(fresh("lat", DOUBLE))))),
                        SOON);

        // When
        List<Column> wanted = List.of(
                first.columns().get(0),
                new Column(
                        first.columns().get(1).fieldId(),
                        "where",
                        "where",
                        new Struct(List.of(
                                ((Struct) first.columns().get(1).type())
                                        .fields()
                                        .getFirst(),
                                fresh("lon", DOUBLE)))),
                fresh("note", STRING));
        TopicColumns second = schema().grow("orders", topic, wanted, SOON);

        // Then
        assertThat(second.schemaId()).isNotEqualTo(first.schemaId());
        assertThat(second.columns().get(0)).isEqualTo(first.columns().get(0));
        Struct where = (Struct) second.columns().get(1).type();
        assertThat(where.fields().get(0))
                .isEqualTo(((Struct) first.columns().get(1).type()).fields().getFirst());
        assertThat(where.fields().get(1).name()).isEqualTo("lon");
        assertThat(second.columns().get(2).name()).isEqualTo("note");
        assertThat(schema().grow("orders", topic, second.columns(), SOON)).isEqualTo(second);
        Table table = lake.tables.find(topic).orElseThrow();
        assertThat(table.schema().columns().subList(9, 12)).allMatch(Types.NestedField::isOptional);
    }

    @Test
    void aTopicWithoutTableHasNoColumns() throws Exception {
        assertThat(schema().columns("orders", topic)).isEqualTo(TopicColumns.NONE);
    }

    @Test
    void columnsThatNodesAddAtTheSameTimeAreAllThere() throws Exception {
        schema().grow("orders", topic, List.of(), SOON);
        try (ExecutorService nodes = Executors.newFixedThreadPool(4)) {
            List<Future<TopicColumns>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                List<Column> wanted = List.of(fresh("c" + i, LONG), fresh("shared", STRING));
                answers.add(nodes.submit(() -> schema().grow("orders", topic, wanted, SOON)));
            }
            for (Future<TopicColumns> answer : answers) {
                answer.get();
            }
        }

        List<Column> columns = schema().columns("orders", topic).columns();
        assertThat(columns).extracting(Column::name).containsExactlyInAnyOrder("c0", "c1", "c2", "c3", "shared");
        assertThat(columns).extracting(Column::fieldId).doesNotHaveDuplicates();
    }

    @Test
    void aColumnNeverChangesItsType() throws Exception {
        TopicColumns first = schema().grow("orders", topic, List.of(fresh("id", STRING)), SOON);

        assertThatThrownBy(() -> schema().grow("orders", topic, List.of(fresh("id", LONG)), SOON))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("orders");

        assertThat(schema().columns("orders", topic)).isEqualTo(first);
    }

    @Test
    void aCatalogThatHangsIsGivenUp() throws Exception {
        schema().grow("orders", topic, List.of(), SOON);
        store.hang = true;

        assertThatThrownBy(() -> schema().grow("orders", topic, List.of(fresh("id", LONG)), Duration.ofMillis(50)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("PT0.05S");
    }

    @Test
    void aStoreThatFailsIsAnAnswerToo() {
        store.failureRate = 1;

        assertThatThrownBy(() -> schema().grow("orders", topic, List.of(fresh("id", LONG)), SOON))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("orders");
    }
}
