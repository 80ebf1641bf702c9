package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tiered.store.MemoryObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.TypeUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LakeTablesTest {
    @TempDir
    Path folder;

    private LakeFixture lake(String root) {
        return new LakeFixture(new MemoryObjectStore(), URI.create(root), folder);
    }

    @Test
    void theFixedColumnsHaveTheIdsThatFilesCarry() {
        Table table = lake("s3a://b").tables.ensure("orders", new UUID(7, 7));

        assertThat(new TreeMap<>(TypeUtil.indexNameById(table.schema().asStruct())))
                .isEqualTo(new TreeMap<>(Map.ofEntries(
                        Map.entry(1, "_log_partition"),
                        Map.entry(2, "_offset"),
                        Map.entry(3, "_timestamp"),
                        Map.entry(4, "_key"),
                        Map.entry(5, "_key_raw"),
                        Map.entry(6, "_headers"),
                        Map.entry(7, "_tombstone"),
                        Map.entry(8, "_shape"),
                        Map.entry(9, "_raw"),
                        Map.entry(10, "_headers.element"),
                        Map.entry(11, "_headers.element.key"),
                        Map.entry(12, "_headers.element.value"))));
        assertThat(table.spec().toString()).contains("_log_partition: identity(1)");
        assertThat(table.sortOrder().toString()).contains("identity(2) ASC");
    }

    @Test
    void aRestartFindsTheTables() {
        LakeFixture lake = lake("s3a://b");
        UUID id = new UUID(7, 7);
        Table made = lake.tables.ensure("orders", id);

        Table found = lake.open().ensure("orders", id);

        assertThat(found.uuid()).isEqualTo(made.uuid());
        assertThat(found.location()).isEqualTo(made.location());
        assertThat(lake.open().find(new UUID(8, 8))).isEmpty();
    }

    @Test
    void severalNodesMakeOneTable() throws Exception {
        LakeFixture lake = lake("s3a://b");
        UUID id = new UUID(7, 7);
        List<UUID> found = new ArrayList<>();
        try (ExecutorService nodes = Executors.newFixedThreadPool(4)) {
            List<Future<UUID>> answers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                answers.add(nodes.submit(() -> lake.open().ensure("orders", id).uuid()));
            }
            for (Future<UUID> answer : answers) {
                found.add(answer.get());
            }
        }

        assertThat(found).hasSize(4);
        assertThat(Map.copyOf(lake.tables.pointers())).containsOnlyKeys("lake/orders");
        assertThat(found.stream().distinct()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "file:/data/archive, file:///data/archive/x",
        "file:///data/archive/, file:///data/archive/x",
        "s3a://bucket/a/b, s3a://bucket/a/b/x",
        "hdfs://host:8020/a, hdfs://host:8020/a/x"
    })
    void locationsAreThoseThatEnginesUnderstand(String root, String location) {
        StoreFileIO files = new StoreFileIO(new MemoryObjectStore(), URI.create(root), folder);

        assertThat(files.location("x")).isEqualTo(location);
        assertThat(files.path(location)).isEqualTo("x");
        assertThatThrownBy(() -> files.path("file:///elsewhere/x")).hasMessageContaining("/elsewhere/x");
    }

    @Test
    void theCatalogListsAndRenamesButMakesNoNamespaces() {
        LakeFixture lake = lake("s3a://b");
        WeirCatalog catalog = ((OwnHome) lake.tables.home()).catalog();
        assertThat(catalog.listNamespaces()).containsExactly(Namespace.of("lake"));
        assertThat(catalog.listTables(Namespace.of("lake"))).isEmpty();
        lake.tables.ensure("b.v1", new UUID(2, 2));
        lake.tables.ensure("a", new UUID(1, 1));

        assertThat(catalog.listTables(Namespace.of("lake")))
                .containsExactly(TableIdentifier.of("lake", "a"), TableIdentifier.of("lake", "b.v1"));
        catalog.renameTable(TableIdentifier.of("lake", "a"), TableIdentifier.of("lake", "c"));
        assertThat(catalog.loadTable(TableIdentifier.of("lake", "c")).location())
                .isEqualTo("s3a://b/cluster-1/lake/lake/a-00000000");
        assertThat(catalog.tableExists(TableIdentifier.of("lake", "a"))).isFalse();
        assertThatThrownBy(() -> catalog.createNamespace(Namespace.of("x")))
                .hasMessageContaining("weir.lake.namespace");
        assertThatThrownBy(() -> catalog.dropTable(TableIdentifier.of("lake", "c"), true))
                .hasMessageContaining("retention");
    }
}
