package io.weir.connect.worker;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// The few endpoints that workers call on each other, over the JDK's HTTP server.
final class ApiOverHttp implements AutoCloseable {
    private final HttpServer server;
    private final AtomicInteger fences = new AtomicInteger();
    private final AtomicInteger forwarded = new AtomicInteger();

    ApiOverHttp(Supplier<ConnectApi> api) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                Reply reply = answer(api.get(), exchange);
                reply.headers().forEach(exchange.getResponseHeaders()::set);
                byte[] body = reply.body();
                exchange.sendResponseHeaders(reply.status(), body == null ? -1 : body.length);
                if (body != null) {
                    exchange.getResponseBody().write(body);
                }
            }
        });
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }

    /// Signed fencing requests that were accepted.
    int fences() {
        return fences.get();
    }

    /// Requests of users that the other worker has passed on.
    int forwarded() {
        return forwarded.get();
    }

    private Reply answer(ConnectApi api, HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String[] path = exchange.getRequestURI().getRawPath().split("/", -1);
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        Boolean forward = query.contains("forward=") ? Boolean.valueOf(query.contains("forward=true")) : null;
        Caller caller = new Caller(exchange.getRequestHeaders().getFirst("Authorization"), forward);
        if (forward != null) {
            forwarded.incrementAndGet();
        }
        String name = path.length > 2 ? URLDecoder.decode(path[2], StandardCharsets.UTF_8) : "";
        String action = exchange.getRequestMethod() + (path.length > 3 ? " " + path[3] : "");
        ConnectApi.Signed signed = new ConnectApi.Signed(
                exchange.getRequestHeaders().getFirst("X-Connect-Authorization"),
                exchange.getRequestHeaders().getFirst("X-Connect-Request-Signature-Algorithm"),
                body);
        return switch (action) {
            case "POST" -> api.create(caller, body);
            case "DELETE" -> api.delete(caller, name);
            case "PUT config" -> api.putConfig(caller, name, body);
            case "PUT stop" -> api.stop(caller, name);
            case "POST tasks" -> api.putTaskConfigs(caller, name, signed);
            case "PUT fence" -> counted(api.fence(caller, name, signed));
            default -> ConnectApi.error(404, "Not in this test: " + action);
        };
    }

    private Reply counted(Reply reply) {
        if (reply.status() == 204) {
            fences.incrementAndGet();
        }
        return reply;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
