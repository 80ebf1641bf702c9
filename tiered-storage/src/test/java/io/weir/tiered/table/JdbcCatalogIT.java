package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A catalog in a database. SQLite here: one file, no server.
class JdbcCatalogIT extends ForeignCatalogContract {
    private @Nullable JdbcCatalog theirs;

    @BeforeEach
    void createFolder() throws Exception {
        Files.createDirectories(database().getParent());
    }

    private Path database() {
        return folder.resolve("db").resolve("catalog.sqlite");
    }

    @Override
    ForeignCatalog catalog() {
        return new ForeignCatalog(ForeignCatalog.Kind.JDBC, Map.of("uri", "jdbc:sqlite:" + database()));
    }

    @Override
    Catalog theirs() {
        if (theirs == null) {
            theirs = new JdbcCatalog(unused -> lake.open().files(), null, false);
            theirs.initialize(
                    ForeignCatalog.NAME, Map.of("uri", "jdbc:sqlite:" + database(), "warehouse", "s3a://bucket"));
        }
        return theirs;
    }

    @AfterEach
    void closeTheirs() {
        if (theirs != null) {
            theirs.close();
        }
    }

    @Test
    void whileTheDatabaseIsGoneTablesWait() throws Exception {
        // Given: nobody can make a database there
        lake.segment("orders", 0, 0, 10);
        Path folderOfIt = database().getParent();
        Files.deleteIfExists(database());
        Files.delete(folderOfIt);
        Files.createFile(folderOfIt);
        pass(CommitHooks.NONE);
        assertThat(lake.metrics.failures()).isEqualTo(1);
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            TableLakeSchema schema = new TableLakeSchema(tables, pool);
            assertThatThrownBy(() -> schema.grow("orders", topic, List.of(), Duration.ofSeconds(20)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Columns of topic 'orders'");
        }
        assertThat(new IcebergRest(tables).tables("lake", null, null).status()).isEqualTo(503);

        // When
        Files.delete(folderOfIt);
        Files.createDirectory(folderOfIt);
        pass(CommitHooks.NONE);

        // Then
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 10, "a"));
    }
}
