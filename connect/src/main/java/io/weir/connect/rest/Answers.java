package io.weir.connect.rest;

import io.weir.connect.worker.Caller;
import io.weir.connect.worker.ConnectApi;
import io.weir.connect.worker.Reply;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// From requests to the worker's plain values, and back.
final class Answers {
    private Answers() {}

    static Response of(Reply reply) {
        Response.ResponseBuilder response = Response.status(reply.status());
        reply.headers().forEach(response::header);
        if (reply.body() != null) {
            response.type(MediaType.APPLICATION_JSON_TYPE).entity(reply.body());
        }
        return response.build();
    }

    static Caller caller(HttpHeaders headers, @Nullable Boolean forward) {
        return new Caller(headers.getHeaderString(HttpHeaders.AUTHORIZATION), forward);
    }

    /// Answers with a body that must be JSON; a missing content type counts as JSON, another one is 415 in Connect's
    /// form.
    static Response withJson(HttpHeaders headers, byte @Nullable [] body, Function<byte[], Reply> answer) {
        return of(refusal(headers).orElseGet(() -> answer.apply(body == null ? new byte[0] : body)));
    }

    private static Optional<Reply> refusal(HttpHeaders headers) {
        String type = headers.getHeaderString(HttpHeaders.CONTENT_TYPE);
        if (type == null || type.toLowerCase(Locale.ROOT).startsWith(MediaType.APPLICATION_JSON)) {
            return Optional.empty();
        }
        return Optional.of(ConnectApi.error(
                415,
                "Content type: must be application/json, got '" + type
                        + "'. Add the header 'Content-Type: application/json'."));
    }
}
