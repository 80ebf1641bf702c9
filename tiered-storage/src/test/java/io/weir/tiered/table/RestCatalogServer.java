package io.weir.tiered.table;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.requests.CreateNamespaceRequest;
import org.apache.iceberg.rest.requests.CreateTableRequest;
import org.apache.iceberg.rest.requests.RenameTableRequest;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.apache.iceberg.rest.responses.ErrorResponse;

/// Somebody else's REST catalog, which takes writes: Iceberg's own handlers over its catalog in memory.
final class RestCatalogServer implements AutoCloseable {
    private static final ObjectMapper JSON = IcebergRest.mapper();

    final InMemoryCatalog catalog = new InMemoryCatalog();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    /// While set, requests get 503.
    volatile boolean down;

    RestCatalogServer() throws IOException {
        catalog.initialize("theirs", Map.of());
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] request = exchange.getRequestBody().readAllBytes();
            try {
                if (down) {
                    fail(exchange, 503, new IllegalStateException("down"));
                    return;
                }
                Object response = handle(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI()
                                .getPath()
                                .substring("/v1/".length())
                                .split("/", -1),
                        request);
                send(exchange, response == null ? 204 : 200, response);
            } catch (NoSuchTableException | NoSuchNamespaceException e) {
                fail(exchange, 404, e);
            } catch (AlreadyExistsException | CommitFailedException e) {
                fail(exchange, 409, e);
            } catch (RuntimeException e) {
                fail(exchange, 500, e);
            }
        }
    }

    private Object handle(String method, String[] path, byte[] body) throws IOException {
        String route = method + " " + path[0] + " " + path.length;
        return switch (route) {
            case "GET config 1" -> ConfigResponse.builder().build();
            case "POST namespaces 1" ->
                CatalogHandlers.createNamespace(catalog, JSON.readValue(body, CreateNamespaceRequest.class));
            case "GET namespaces 2", "HEAD namespaces 2" ->
                CatalogHandlers.loadNamespace(catalog, Namespace.of(path[1]));
            case "GET namespaces 3" -> CatalogHandlers.listTables(catalog, Namespace.of(path[1]));
            case "POST namespaces 3" ->
                CatalogHandlers.createTable(
                        catalog, Namespace.of(path[1]), JSON.readValue(body, CreateTableRequest.class));
            case "GET namespaces 4", "HEAD namespaces 4" ->
                CatalogHandlers.loadTable(catalog, table(path), SnapshotMode.ALL);
            case "POST namespaces 4" ->
                CatalogHandlers.updateTable(catalog, table(path), JSON.readValue(body, UpdateTableRequest.class));
            case "DELETE namespaces 4" -> {
                CatalogHandlers.dropTable(catalog, table(path));
                yield null;
            }
            case "POST tables 2" -> {
                CatalogHandlers.renameTable(catalog, JSON.readValue(body, RenameTableRequest.class));
                yield null;
            }
            default -> throw new IllegalArgumentException(route);
        };
    }

    private static TableIdentifier table(String[] path) {
        return TableIdentifier.of(path[1], path[3]);
    }

    private static void fail(HttpExchange exchange, int status, RuntimeException e) throws IOException {
        send(
                exchange,
                status,
                ErrorResponse.builder()
                        .responseCode(status)
                        .withType(e.getClass().getSimpleName())
                        .withMessage(String.valueOf(e.getMessage()))
                        .build());
    }

    private static void send(HttpExchange exchange, int status, Object response) throws IOException {
        boolean bare = response == null || exchange.getRequestMethod().equals("HEAD");
        byte[] body = bare ? new byte[0] : JSON.writeValueAsBytes(response);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bare ? -1 : body.length);
        if (!bare) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() throws IOException {
        server.stop(0);
        threads.shutdownNow();
        catalog.close();
    }
}
