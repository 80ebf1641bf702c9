package io.weir.log.rest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what a resource of any module throws into an answer. Responses that a resource has made itself are left
/// alone.
@Singleton
public class ProblemMappers {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemMappers.class);

    private final IncidentIds incidents;

    @Inject
    ProblemMappers(IncidentIds incidents) {
        this.incidents = incidents;
    }

    @ServerExceptionMapper
    public Response weir(WeirException failure, ContainerRequestContext request) {
        if (failure.whose() == Whose.INTERNAL) {
            return unexpected(failure, failure.code(), failure.status(), failure.getMessage(), request);
        }
        return answer(Problem.of(failure), request, null);
    }

    @ServerExceptionMapper
    public Response json(JsonProcessingException failure, ContainerRequestContext request) {
        return answer(malformed(failure), request, null);
    }

    /// Kafka's own words, where no door has translated them.
    @ServerExceptionMapper
    public Response kafka(KafkaException failure, ContainerRequestContext request) {
        LOG.info("Request failed in the log path={} cause={}", path(request), failure.toString());
        Problem problem =
                new Problem("log-unavailable", Whose.EXTERNAL, 503, "Log: " + failure.getMessage(), null, Map.of());
        return answer(problem, request, null);
    }

    /// What the HTTP layer refuses: no such path, method, media type, or a body that cannot be read.
    @ServerExceptionMapper
    public Response http(WebApplicationException failure, ContainerRequestContext request) {
        Response original = failure.getResponse();
        if (original.hasEntity()) {
            return original;
        }
        if (failure.getCause() instanceof WeirException known) {
            return weir(known, request);
        }
        if (failure.getCause() instanceof JsonProcessingException unreadable) {
            return answer(malformed(unreadable), request, null);
        }
        if (original.getStatus() < 400) {
            return original;
        }
        if (original.getStatus() >= 500) {
            return unexpected(failure, "internal-error", original.getStatus(), null, request);
        }
        return answer(refusal(original.getStatus(), request), request, original.getHeaderString(HttpHeaders.ALLOW));
    }

    @ServerExceptionMapper
    public Response anything(Throwable failure, ContainerRequestContext request) {
        return unexpected(failure, "internal-error", 500, null, request);
    }

    private Response unexpected(
            Throwable failure, String code, int status, @Nullable String words, ContainerRequestContext request) {
        String incident = incidents.next();
        LOG.error(
                "Request failed incident={} method={} path={}", incident, request.getMethod(), path(request), failure);
        String detail = words == null
                ? "Request '" + request.getMethod() + " " + path(request)
                        + "': Weir failed to answer it. The node's log tells more under incident " + incident + "."
                : words + " Incident " + incident + " in the node's log.";
        return answer(new Problem(code, Whose.INTERNAL, status, detail, incident, Map.of()), request, null);
    }

    private static Problem refusal(int status, ContainerRequestContext request) {
        String named = "Request '" + request.getMethod() + " " + path(request) + "': ";
        return switch (status) {
            case 404 -> Problem.ofUser("path-not-found", status, named + "no such path or resource.");
            case 405 -> Problem.ofUser("method-not-allowed", status, named + "the path knows no such method.");
            case 406 ->
                Problem.ofUser(
                        "not-acceptable",
                        status,
                        named + "no answer in the media type that 'Accept' asks for, got '"
                                + request.getHeaderString(HttpHeaders.ACCEPT) + "'.");
            case 415 ->
                Problem.ofUser(
                        "media-type-unsupported",
                        status,
                        named + "the body's media type is not read here, got '"
                                + request.getHeaderString(HttpHeaders.CONTENT_TYPE)
                                + "'. Send 'Content-Type: application/json'.");
            default -> Problem.ofUser("request-refused", status, named + "refused with status " + status + ".");
        };
    }

    static Problem malformed(JsonProcessingException failure) {
        JsonLocation at = failure.getLocation();
        String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
        String member = failure instanceof JsonMappingException mapping
                ? mapping.getPath().stream()
                        .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                        .collect(Collectors.joining("."))
                : "";
        String subject = member.isEmpty() ? "Body: " : "Body, member '" + member + "': ";
        return Problem.ofUser(
                "json-malformed",
                400,
                subject + "must be valid JSON" + where + ", got: " + failure.getOriginalMessage());
    }

    private static Response answer(Problem problem, ContainerRequestContext request, @Nullable String allow) {
        String path = path(request);
        Response.ResponseBuilder response = Response.status(problem.status())
                .type(MediaType.valueOf(problem.mediaType(path)))
                .entity(problem.toJson(path));
        return allow == null
                ? response.build()
                : response.header(HttpHeaders.ALLOW, allow).build();
    }

    private static String path(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        return path.startsWith("/") ? path : "/" + path;
    }
}
