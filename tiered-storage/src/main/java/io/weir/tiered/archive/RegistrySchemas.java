package io.weir.tiered.archive;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.tiered.shape.SchemaLookup;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Schemas of a Confluent-compatible registry, kept once read: an id means the same schema for ever. Safe for use by
/// any thread.
final class RegistrySchemas implements SchemaLookup, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final URI registry;
    private final Duration deadline;
    private final HttpClient client;
    /// What the registry has answered. That it does not know an id, it may learn better of.
    private final Map<Integer, Optional<String>> known = new ConcurrentHashMap<>();

    /// @param registry its root, with or without a slash at the end
    /// @param deadline for one answer
    RegistrySchemas(URI registry, Duration deadline) {
        String root = registry.toString();
        this.registry = URI.create(root.endsWith("/") ? root : root + "/");
        this.deadline = deadline;
        this.client = HttpClient.newBuilder().connectTimeout(deadline).build();
    }

    @Override
    public Optional<String> avro(int id) throws IOException {
        Optional<String> schema = known.get(id);
        if (schema == null) {
            schema = load(id);
        }
        return schema;
    }

    private Optional<String> load(int id) throws IOException {
        URI address = registry.resolve("schemas/ids/" + Integer.toUnsignedString(id));
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(deadline)
                .header("Accept", "application/json")
                .build();
        HttpResponse<String> answer = send(request);
        if (answer.statusCode() == NOT_FOUND) {
            return Optional.empty();
        }
        if (answer.statusCode() != OK) {
            throw new IOException("Schema registry '" + address + "': answered " + answer.statusCode() + ".");
        }
        JsonNode schema = JSON.readTree(answer.body());
        boolean avro = schema.path("schemaType").asText("AVRO").equals("AVRO");
        Optional<String> text = avro ? Optional.ofNullable(schema.path("schema").textValue()) : Optional.empty();
        known.put(id, text);
        return text;
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException)
                    new InterruptedIOException("Schema registry '" + request.uri() + "': interrupted.").initCause(e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
