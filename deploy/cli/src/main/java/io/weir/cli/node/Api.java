package io.weir.cli.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The node's REST interface, with its problems turned into [CliFailure]s. Safe for use by any thread.
public final class Api {
    public static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration REQUEST_TIMEOUT = Duration.ofMinutes(2);

    private final URI server;
    private final HttpClient client;

    public Api(URI server) {
        this.server = server;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
    }

    /// Escapes one path segment or query value.
    public static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public URI server() {
        return server;
    }

    /// The id that log paths begin with.
    public String clusterPath() {
        return "/v3/clusters/"
                + escape(get("/v3/clusters")
                        .path("data")
                        .path(0)
                        .path("cluster_id")
                        .asText());
    }

    public JsonNode get(String path) {
        return json(send(request(path).GET().build()));
    }

    public JsonNode post(String path, @Nullable Object body) {
        return json(send(withJson(path, "POST", body)));
    }

    public JsonNode put(String path, @Nullable Object body) {
        return json(send(withJson(path, "PUT", body)));
    }

    public JsonNode patch(String path, @Nullable Object body) {
        return json(send(withJson(path, "PATCH", body)));
    }

    public JsonNode delete(String path) {
        return json(send(request(path).DELETE().build()));
    }

    /// Sends text of any media type and gives the answer's text.
    public String postText(String path, String contentType, String body, String accept) {
        HttpRequest request = request(path)
                .header("Content-Type", contentType)
                .setHeader("Accept", accept)
                .POST(BodyPublishers.ofString(body))
                .build();
        return new String(send(request).body(), StandardCharsets.UTF_8);
    }

    /// Uploads a file and a JSON part as `multipart/form-data` (RFC 7578).
    public JsonNode postMultipart(String path, String filePart, Path file, String jsonPart, JsonNode json) {
        String boundary = "weir-" + Long.toHexString(System.nanoTime());
        HttpRequest request = request(path)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(multipart(boundary, filePart, file, jsonPart, json))
                .build();
        return json(send(request));
    }

    /// Opens an endless answer, such as server-sent events. The caller closes the stream.
    public InputStream open(String path, String accept) {
        HttpRequest request = HttpRequest.newBuilder(resolve(path))
                .header("Accept", accept)
                .GET()
                .build();
        try {
            HttpResponse<InputStream> response = client.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() >= 400) {
                try (InputStream body = response.body()) {
                    throw failure(response.statusCode(), body.readAllBytes());
                }
            }
            return response.body();
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(CliFailure.INTERNAL, "Interrupted.", e);
        }
    }

    private static BodyPublisher multipart(
            String boundary, String filePart, Path file, String jsonPart, JsonNode json) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        try {
            write(
                    body,
                    "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + jsonPart
                            + "\"\r\nContent-Type: application/json\r\n\r\n");
            body.write(JSON.writeValueAsBytes(json));
            write(
                    body,
                    "\r\n--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + filePart + "\"; filename=\""
                            + file.getFileName() + "\"\r\nContent-Type: application/java-archive\r\n\r\n");
            body.write(Files.readAllBytes(file));
            write(body, "\r\n--" + boundary + "--\r\n");
        } catch (IOException e) {
            throw new CliFailure(CliFailure.USER, "File '" + file + "': cannot be read (" + e.getMessage() + ").", e);
        }
        return BodyPublishers.ofByteArray(body.toByteArray());
    }

    private static void write(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(resolve(path))
                .header("Accept", "application/json")
                .timeout(REQUEST_TIMEOUT);
    }

    private URI resolve(String path) {
        return server.resolve(path);
    }

    private HttpRequest withJson(String path, String method, @Nullable Object body) {
        if (body == null) {
            return request(path).method(method, BodyPublishers.noBody()).build();
        }
        try {
            return request(path)
                    .header("Content-Type", "application/json")
                    .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
                    .build();
        } catch (JsonProcessingException e) {
            throw new CliFailure(CliFailure.INTERNAL, "Request to " + path + " cannot be written as JSON.", e);
        }
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
            if (response.statusCode() >= 400) {
                throw failure(response.statusCode(), response.body());
            }
            return response;
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliFailure(CliFailure.INTERNAL, "Interrupted.", e);
        }
    }

    private CliFailure unreachable(IOException e) {
        String why = e instanceof ConnectException ? "nothing listens there" : String.valueOf(e.getMessage());
        return new CliFailure(
                CliFailure.EXTERNAL, "No node answers at " + server + " (" + why + "). Start one: ./weir start", e);
    }

    private static JsonNode json(HttpResponse<byte[]> response) {
        if (response.body().length == 0) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new CliFailure(
                    CliFailure.INTERNAL,
                    "The node's answer to " + response.uri() + " is no JSON: " + e.getMessage(),
                    e);
        }
    }

    /// A problem (RFC 9457), Connect's error body, or whatever else came with an error status.
    private static CliFailure failure(int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        String message = text.isBlank() ? "The node answered with status " + status + "." : text.strip();
        int exitCode = status < 500 ? CliFailure.USER : CliFailure.INTERNAL;
        try {
            if (JSON.readTree(body) instanceof ObjectNode problem) {
                if (problem.hasNonNull("detail")) {
                    message = problem.path("detail").asText();
                } else if (problem.hasNonNull("message")) {
                    message = problem.path("message").asText();
                }
                exitCode = switch (problem.path("owner").asText()) {
                    case "USER" -> CliFailure.USER;
                    case "EXTERNAL" -> CliFailure.EXTERNAL;
                    case "INTERNAL" -> CliFailure.INTERNAL;
                    default -> exitCode;
                };
            }
        } catch (IOException e) {
            return new CliFailure(exitCode, message, e);
        }
        return new CliFailure(exitCode, message.replaceAll("\\s*\\R\\s*", " "));
    }
}
