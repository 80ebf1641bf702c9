package io.weir.streams.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Asks another node of the group for the part of the state that it has. Such a request carries a header, and is
/// never passed on once more. Safe for use by any thread.
final class Neighbours {
    /// Marks a request that has been passed on.
    static final String PASSED_ON = "Weir-Passed-On";

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration CONNECT = Duration.ofSeconds(3);
    /// Longer than any patience of the other node.
    private static final Duration ANSWER = Duration.ofSeconds(70);

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();

    /// @param server `host:port` of the other node
    /// @param own where others reach this node: scheme and root path are taken to be the same everywhere
    /// @param path beginning with `jobs/`, with its query
    /// @param authorization of the one who asked
    /// @throws WeirException `state-elsewhere` (503) when it does not answer; what it refuses, as it says it
    ObjectNode get(URI own, String server, String path, @Nullable String authorization) {
        URI address = URI.create(own.getScheme() + "://" + server + own.getPath() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(ANSWER)
                .header("Accept", "application/json")
                .header(PASSED_ON, "1")
                .GET();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        try {
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            JsonNode body = JSON.readTree(answer.body());
            if (answer.statusCode() == 200 && body instanceof ObjectNode object) {
                return object;
            }
            throw refusal(answer.statusCode(), body, server);
        } catch (JsonProcessingException e) {
            throw elsewhere(server, "did not answer in JSON", e);
        } catch (IOException e) {
            throw elsewhere(server, "does not answer (" + e.getMessage() + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw elsewhere(server, "was not waited for", e);
        }
    }

    private static WeirException refusal(int status, JsonNode problem, String server) {
        String type = problem.path("type").asText("");
        if (!type.startsWith("/problems/")) {
            return elsewhere(server, "answered " + status, null);
        }
        Whose whose;
        try {
            whose = Whose.valueOf(problem.path("owner").asText("EXTERNAL").toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            whose = Whose.EXTERNAL;
        }
        return new WeirException(
                type.substring("/problems/".length()),
                whose,
                status,
                problem.path("detail").asText("Node " + server + " answered " + status + "."),
                null);
    }

    private static WeirException elsewhere(String server, String what, @Nullable Exception cause) {
        return new WeirException(
                "state-elsewhere",
                Whose.EXTERNAL,
                "Node " + server + ": has that part of the state and " + what + ". Try again.",
                cause);
    }
}
