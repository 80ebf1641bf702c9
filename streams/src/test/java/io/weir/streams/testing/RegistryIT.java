package io.weir.streams.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.weir.streams.dsl.Format;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.topology.RegistrySchemas;
import io.weir.streams.topology.SchemaUnavailable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Schemas over HTTP, from a small server that answers as a registry does.
class RegistryIT {
    record Named(String name) {}

    private static final String SCHEMA =
            "{\"type\":\"record\",\"name\":\"Named\",\"fields\":[{\"name\":\"name\",\"type\":\"string\"}]}";

    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile int broken;
    private HttpServer server;
    private URI root;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.incrementAndGet();
            String answer = answers.get(exchange.getRequestURI().getPath());
            byte[] body = (answer == null ? "{\"error_code\":40403}" : answer).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(broken != 0 ? broken : answer == null ? 404 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        root = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/registry");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private RegistrySchemas schemas() {
        return new RegistrySchemas(root, Duration.ofSeconds(10));
    }

    @Test
    void aJobReadsAvroWithTheSchemasOfARegistryAndAsksForEachOnce() {
        answers.put("/registry/schemas/ids/7", "{\"schema\":\"" + SCHEMA.replace("\"", "\\\"") + "\"}");
        StreamJob job = flow -> flow.stream("in", Named.class).as(Format.AVRO).to("out");
        try (StreamScenario scenario = StreamScenario.of(job, schemas())) {
            scenario.send("in", "k", AvroValues.framed(7, SCHEMA, Map.of("name", "ann")))
                    .send("in", "k", AvroValues.framed(7, SCHEMA, Map.of("name", "bob")));

            assertThat(scenario.read("out", Named.class))
                    .extracting(Row::row)
                    .containsExactly(new Named("ann"), new Named("bob"));
        }
        assertThat(asked).hasValue(1);
    }

    @Test
    void anUnknownIdAndAnotherKindOfSchemaAreNoAvro() {
        answers.put("/registry/schemas/ids/2", "{\"schemaType\":\"JSON\",\"schema\":\"{}\"}");
        RegistrySchemas schemas = schemas();

        assertThat(schemas.avro(1)).isEmpty();
        assertThat(schemas.avro(2)).isEmpty();
        answers.put("/registry/schemas/ids/1", "{\"schema\":\"\\\"string\\\"\"}");
        assertThat(schemas.avro(1)).as("it was asked again").contains("\"string\"");
    }

    @Test
    void aRegistryThatFailsOrIsAwayIsNoFaultOfTheRecord() {
        broken = 503;
        assertThatThrownBy(() -> schemas().avro(1))
                .isInstanceOf(SchemaUnavailable.class)
                .hasMessageContaining("must answer 200, got 503");
        stop();
        assertThatThrownBy(() -> schemas().avro(1))
                .isInstanceOf(SchemaUnavailable.class)
                .hasMessageContaining("does not answer");
    }
}
