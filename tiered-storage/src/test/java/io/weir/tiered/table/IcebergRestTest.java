package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.tiered.store.MemoryObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IcebergRestTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    private IcebergRest rest;

    @BeforeEach
    void aCatalogWithOneTable() throws Exception {
        LakeFixture lake = new LakeFixture(new MemoryObjectStore(), URI.create("s3a://bucket"), folder);
        lake.create("orders");
        lake.segment("orders", 0, 0, 10);
        lake.pass();
        rest = new IcebergRest(lake.open());
    }

    private static JsonNode body(IcebergRest.Answer answer, int status) throws IOException {
        assertThat(answer.status()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    @Test
    void onlyEndpointsThatExistAreAdvertised() throws Exception {
        List<String> endpoints = new ArrayList<>();
        body(rest.config(), 200).path("endpoints").forEach(endpoint -> endpoints.add(endpoint.asText()));

        assertThat(endpoints)
                .containsExactlyInAnyOrder(
                        "GET /v1/{prefix}/namespaces",
                        "GET /v1/{prefix}/namespaces/{namespace}",
                        "HEAD /v1/{prefix}/namespaces/{namespace}",
                        "GET /v1/{prefix}/namespaces/{namespace}/tables",
                        "GET /v1/{prefix}/namespaces/{namespace}/tables/{table}",
                        "HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}");
    }

    @Test
    void namespacesAndTablesAreListed() throws Exception {
        assertThat(body(rest.namespaces(null, null, null), 200).toString())
                .isEqualTo("{\"namespaces\":[[\"lake\"]],\"next-page-token\":null}");
        assertThat(body(rest.namespaces("", "", "10"), 200).path("namespaces").toString())
                .isEqualTo("[[\"lake\"]]");
        assertThat(body(rest.namespaceOf("lake"), 200).path("namespace").toString())
                .isEqualTo("[\"lake\"]");
        assertThat(body(rest.tables("lake", null, null), 200)
                        .path("identifiers")
                        .toString())
                .isEqualTo("[{\"namespace\":[\"lake\"],\"name\":\"orders\"}]");
        assertThat(rest.namespaceExists("lake").status()).isEqualTo(204);
        assertThat(rest.tableExists("lake", "orders").status()).isEqualTo(204);
    }

    @Test
    void aTableComesWithItsMetadata() throws Exception {
        JsonNode table = body(rest.table("lake", "orders", null), 200);

        assertThat(table.path("metadata-location").asText()).startsWith("s3a://bucket/cluster-1/lake/lake/orders-");
        assertThat(table.path("metadata").path("format-version").asInt()).isEqualTo(2);
        assertThat(table.path("metadata")
                        .path("properties")
                        .path("weir.offsets.v1")
                        .asText())
                .isEqualTo("0:10");
        assertThat(body(rest.table("lake", "orders", "refs"), 200)
                        .path("metadata")
                        .path("snapshots"))
                .hasSize(1);
    }

    @Test
    void whatIsNotThereIsNamed() throws Exception {
        assertThat(body(rest.table("lake", "gone", null), 404)
                        .path("error")
                        .path("message")
                        .asText())
                .contains("gone");
        assertThat(body(rest.tables("sea", null, null), 404)
                        .path("error")
                        .path("type")
                        .asText())
                .isEqualTo("NoSuchNamespaceException");
        assertThat(body(rest.namespaces("sea", null, null), 404)
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(404);
        assertThat(rest.tableExists("lake", "gone").status()).isEqualTo(404);
        assertThat(rest.namespaceExists("sea").status()).isEqualTo(404);
        assertThat(body(rest.table("lake", "orders", "some"), 400)
                        .path("error")
                        .path("code")
                        .asInt())
                .isEqualTo(400);
    }

    @Test
    void aWriteIsToldTheRule() throws Exception {
        JsonNode error = body(rest.readOnly("POST", "/iceberg/v1/namespaces/lake/tables"), 405)
                .path("error");

        assertThat(error.path("code").asInt()).isEqualTo(405);
        assertThat(error.path("message").asText()).contains("POST").contains("read-only");
    }
}
