package io.weir.streams.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// History of a running node, read over its REST interface: archived or not, the node knows.
///
/// A partition is read on until it has shown a record that is an hour after the slice; what is out of order by more is
/// left out.
final class NodeHistory implements HistorySource {
    private static final Duration REQUEST = Duration.ofSeconds(60);
    private static final long DISORDER_MILLIS = Duration.ofHours(1).toMillis();
    private static final int AT_ONCE = 10_000;

    @Override
    public boolean reads(URI place) {
        return "http".equals(place.getScheme()) || "https".equals(place.getScheme());
    }

    @Override
    public List<HistoryRecord> read(URI place, String topic, long fromMillis, long toMillis) {
        List<HistoryRecord> records = new ArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String cluster = get(client, place.resolve("/v3/clusters"))
                    .path("data")
                    .path(0)
                    .path("cluster_id")
                    .asText();
            String path = "/v3/clusters/" + cluster + "/topics/" + URLEncoder.encode(topic, StandardCharsets.UTF_8);
            int partitions =
                    get(client, place.resolve(path)).path("partitions_count").asInt();
            for (int partition = 0; partition < partitions; partition++) {
                read(client, place, path, topic, partition, fromMillis, toMillis, records);
            }
        }
        return records;
    }

    private static void read(
            HttpClient client,
            URI place,
            String path,
            String topic,
            int partition,
            long fromMillis,
            long toMillis,
            List<HistoryRecord> records) {
        String offset = fromMillis <= 0 ? "earliest" : "time:" + Instant.ofEpochMilli(fromMillis);
        boolean more = true;
        while (more) {
            JsonNode answer = get(
                    client,
                    place.resolve(path + "/records?decode=base64&limit=" + AT_ONCE + "&partition=" + partition
                            + "&offset=" + offset));
            long shown = Long.MIN_VALUE;
            for (JsonNode record : answer.path("records")) {
                long millis = Instant.parse(record.path("timestamp").asText()).toEpochMilli();
                shown = Math.max(shown, millis);
                if (millis >= fromMillis && millis < toMillis) {
                    records.add(new HistoryRecord(
                            topic,
                            partition,
                            record.path("offset").asLong(),
                            millis,
                            bytes(record.path("key")),
                            bytes(record.path("value"))));
                }
            }
            boolean past = toMillis != Long.MAX_VALUE && shown >= toMillis + DISORDER_MILLIS;
            more = !past && !answer.path("stopped_by").asText().equals("end");
            offset = answer.path("next").path(Integer.toString(partition)).asText();
        }
    }

    private static byte @Nullable [] bytes(JsonNode part) {
        JsonNode data = part.path("data");
        return data.isTextual() ? Base64.getDecoder().decode(data.textValue()) : null;
    }

    private static JsonNode get(HttpClient client, URI uri) {
        try {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .timeout(REQUEST)
                    .header("Accept", "application/json")
                    .build();
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            JsonNode body = new JsonMapper().readTree(answer.body());
            if (answer.statusCode() >= 400) {
                throw new IllegalArgumentException(
                        "History: " + uri + ": " + body.path("detail").asText(body.toString()));
            }
            return body;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "History: no node answers at " + uri.resolve("/") + ". Start one: ./weir start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("History: interrupted at " + uri + ".", e);
        }
    }
}
