package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.iceberg.catalog.Catalog;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A catalog that is reached over HTTP.
class RestCatalogIT extends ForeignCatalogContract {
    private final RestCatalogServer server = new RestCatalogServer();

    RestCatalogIT() throws Exception {}

    @Override
    ForeignCatalog catalog() {
        return new ForeignCatalog(
                ForeignCatalog.Kind.REST, Map.of("uri", server.uri().toString(), "rest.client.max-retries", "1"));
    }

    @Override
    Catalog theirs() {
        return server.catalog;
    }

    @AfterEach
    void closeServer() throws Exception {
        server.close();
    }

    @Test
    void whileTheCatalogIsDownTablesWait() throws Exception {
        lake.segment("orders", 0, 0, 10);
        server.down = true;
        pass(CommitHooks.NONE);
        assertThat(lake.metrics.failures()).isEqualTo(1);

        server.down = false;
        pass(CommitHooks.NONE);

        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 10, "a"));
    }
}
