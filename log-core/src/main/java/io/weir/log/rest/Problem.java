package io.weir.log.rest;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.read.OffsetOutsideLog;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A failure as HTTP clients see it: an RFC 9457 problem. Below `/v3` it carries Confluent's `error_code` and
/// `message` too, and below Connect's paths it is Connect's own body, as its clients read nothing else.
///
/// @param code stable, kebab case; the problem's type is `/problems/<code>`
/// @param status HTTP status, 400 to 599
/// @param detail which thing, which rule, what it got, the fix if known
/// @param instance the incident id that also stands in the log; only for failures of Weir itself
/// @param facts further members with numbers a client can go on with, like a log's `earliest` and `latest`
public record Problem(
        String code,
        Whose owner,
        int status,
        String detail,
        @Nullable String instance,
        Map<String, Long> facts) {
    /// What `Content-Type` says unless the path is Connect's.
    public static final String MEDIA_TYPE = "application/problem+json";

    private static final JsonMapper JSON = new JsonMapper();

    public Problem {
        facts = Map.copyOf(facts);
    }

    /// A failure that is not Weir's own.
    public static Problem of(WeirException failure) {
        String message = failure.getMessage();
        return new Problem(
                failure.code(),
                failure.whose(),
                failure.status(),
                message == null ? failure.code() : message,
                null,
                factsOf(failure));
    }

    public static Problem ofUser(String code, int status, String detail) {
        return new Problem(code, Whose.USER, status, detail, null, Map.of());
    }

    private static Map<String, Long> factsOf(WeirException failure) {
        return failure instanceof OffsetOutsideLog outside
                ? Map.of(
                        "partition", (long) outside.partition(),
                        "earliest", outside.earliest(),
                        "latest", outside.latest())
                : Map.of();
    }

    /// @param path of the request, with its leading slash; decides the shape
    public String toJson(String path) {
        return switch (BodyShape.of(path)) {
            case CONNECT ->
                JSON.createObjectNode()
                        .put("error_code", status)
                        .put("message", detail)
                        .toString();
            case CONFLUENT ->
                problem()
                        .put("error_code", ConfluentErrorCode.of(this))
                        .put("message", detail)
                        .toString();
            case PROBLEM -> problem().toString();
        };
    }

    public String mediaType(String path) {
        return BodyShape.of(path) == BodyShape.CONNECT ? "application/json" : MEDIA_TYPE;
    }

    private ObjectNode problem() {
        ObjectNode body = JSON.createObjectNode()
                .put("type", "/problems/" + code)
                .put("title", title())
                .put("status", status)
                .put("detail", detail)
                .put("owner", owner.name());
        new TreeMap<>(facts).forEach(body::put);
        return instance == null ? body : body.put("instance", instance);
    }

    private String title() {
        String words = code.replace('-', ' ');
        return words.isEmpty() ? "Problem" : words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }

    private enum BodyShape {
        PROBLEM,
        CONFLUENT,
        CONNECT;

        static BodyShape of(String path) {
            if (isBelow(path, "/v3")) {
                return CONFLUENT;
            }
            boolean connect =
                    isBelow(path, "/connectors") || isBelow(path, "/connector-plugins") || isBelow(path, "/admin");
            return connect ? CONNECT : PROBLEM;
        }

        private static boolean isBelow(String path, String root) {
            return path.equals(root) || path.startsWith(root + "/");
        }
    }
}
