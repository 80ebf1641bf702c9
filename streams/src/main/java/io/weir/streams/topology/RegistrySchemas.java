package io.weir.streams.topology;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Schemas of a Confluent-compatible registry, kept once read. What it does not know is asked again.
public final class RegistrySchemas implements SchemaLookup {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final URI registry;
    private final Duration deadline;
    private final HttpClient client;
    private final Map<Integer, Optional<String>> known = new ConcurrentHashMap<>();

    /// @param registry its root, with or without a slash at the end
    /// @param deadline for one answer
    public RegistrySchemas(URI registry, Duration deadline) {
        String root = registry.toString();
        this.registry = URI.create(root.endsWith("/") ? root : root + "/");
        this.deadline = deadline;
        this.client = HttpClient.newBuilder().connectTimeout(deadline).build();
    }

    @Override
    public Optional<String> avro(int id) {
        Optional<String> schema = known.get(id);
        return schema == null ? load(id) : schema;
    }

    private Optional<String> load(int id) {
        URI address = registry.resolve("schemas/ids/" + Integer.toUnsignedString(id));
        HttpResponse<String> answer = get(address);
        if (answer.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        if (answer.statusCode() != OK) {
            throw new SchemaUnavailable("Schema registry '" + address + "': must answer 200, got " + answer.statusCode()
                    + ". See its own log.");
        }
        try {
            JsonNode schema = JSON.readTree(answer.body());
            boolean avro = schema.path("schemaType").asText("AVRO").equals("AVRO");
            Optional<String> text =
                    avro ? Optional.ofNullable(schema.path("schema").textValue()) : Optional.empty();
            known.put(id, text);
            return text;
        } catch (JsonProcessingException e) {
            throw new SchemaUnavailable("Schema registry '" + address + "': must answer JSON: " + e.getMessage(), e);
        }
    }

    private HttpResponse<String> get(URI address) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(deadline)
                .header("Accept", "application/json")
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new SchemaUnavailable("Schema registry '" + address + "': does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SchemaUnavailable("Schema registry '" + address + "': interrupted.", e);
        }
    }
}
