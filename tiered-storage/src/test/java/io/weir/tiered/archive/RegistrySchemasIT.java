package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The registry's answers, from a small HTTP server.
class RegistrySchemasIT {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, String> schemas = Map.of(
            "/root/schemas/ids/7", "{\"schema\":\"\\\"long\\\"\"}",
            "/root/schemas/ids/8", "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message M {}\"}",
            "/root/schemas/ids/4294967295", "{\"schema\":\"\\\"int\\\"\",\"schemaType\":\"AVRO\"}");
    private HttpServer server;
    private RegistrySchemas registry;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            asked.add(path);
            String body = schemas.getOrDefault(path, "{}");
            int status = schemas.containsKey(path) ? 200 : path.endsWith("/500") ? 500 : 404;
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        URI root = URI.create("http://localhost:" + server.getAddress().getPort() + "/root");
        registry = new RegistrySchemas(root, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        registry.close();
        server.stop(0);
    }

    @Test
    void aSchemaIsAskedForOnce() throws IOException {
        assertThat(registry.avro(7)).hasValue("\"long\"");
        assertThat(registry.avro(7)).hasValue("\"long\"");
        assertThat(registry.avro(-1)).hasValue("\"int\"");

        assertThat(new ArrayList<>(asked)).containsExactly("/root/schemas/ids/7", "/root/schemas/ids/4294967295");
    }

    @Test
    void whatIsUnknownOrOfAnotherKindIsEmpty() throws IOException {
        assertThat(registry.avro(6)).isEmpty();
        assertThat(registry.avro(8)).isEmpty();
    }

    @Test
    void aFailureIsToldAndAskedAgain() {
        assertThatThrownBy(() -> registry.avro(500))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("500");
        assertThatThrownBy(() -> registry.avro(500)).isInstanceOf(IOException.class);

        assertThat(asked).hasSize(2);
    }
}
