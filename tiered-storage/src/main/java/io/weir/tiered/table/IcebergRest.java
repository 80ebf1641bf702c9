package io.weir.tiered.table;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.weir.log.fault.WeirException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.iceberg.rest.CatalogHandlers;
import org.apache.iceberg.rest.Endpoint;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;
import org.apache.iceberg.rest.RESTSerializers;
import org.apache.iceberg.rest.responses.ConfigResponse;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The reading half of Iceberg's REST catalog, answered by Iceberg's own handlers and written by a JSON
/// mapper of its own. Safe for use by any thread.
public final class IcebergRest {
    private static final Logger LOG = LoggerFactory.getLogger(IcebergRest.class);
    private static final String LEVELS = "\u001f";
    private static final ObjectMapper JSON = mapper();

    private static final List<Endpoint> ENDPOINTS = List.of(
            Endpoint.V1_LIST_NAMESPACES,
            Endpoint.V1_LOAD_NAMESPACE,
            Endpoint.V1_NAMESPACE_EXISTS,
            Endpoint.V1_LIST_TABLES,
            Endpoint.V1_LOAD_TABLE,
            Endpoint.V1_TABLE_EXISTS);

    private final TableHome home;

    public IcebergRest(LakeTables tables) {
        this.home = tables.home();
    }

    /// What goes back to the client.
    ///
    /// @param body JSON; empty with status 204
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    public record Answer(int status, byte[] body) {}

    static ObjectMapper mapper() {
        ObjectMapper mapper = new ObjectMapper();
        mapper.setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY);
        mapper.configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);
        mapper.setPropertyNamingStrategy(new PropertyNamingStrategies.KebabCaseStrategy());
        RESTSerializers.registerAll(mapper);
        return mapper;
    }

    /// The endpoints there are.
    public Answer config() {
        return answered(() -> ConfigResponse.builder().withEndpoints(ENDPOINTS).build());
    }

    /// @param parent empty or null for the top
    /// @param pageToken null for all at once
    public Answer namespaces(@Nullable String parent, @Nullable String pageToken, @Nullable String pageSize) {
        return answered(() -> {
            Namespace namespace = parent == null || parent.isEmpty() ? Namespace.empty() : namespace(parent);
            return pageToken == null
                    ? CatalogHandlers.listNamespaces(home.namespaces(), namespace)
                    : CatalogHandlers.listNamespaces(home.namespaces(), namespace, pageToken, sizeOf(pageSize));
        });
    }

    public Answer namespaceOf(String name) {
        return answered(() -> CatalogHandlers.loadNamespace(home.namespaces(), namespace(name)));
    }

    public Answer namespaceExists(String name) {
        return answered(() -> {
            CatalogHandlers.namespaceExists(home.namespaces(), namespace(name));
            return null;
        });
    }

    public Answer tables(String namespace, @Nullable String pageToken, @Nullable String pageSize) {
        return answered(() -> pageToken == null
                ? CatalogHandlers.listTables(home.tables(), namespace(namespace))
                : CatalogHandlers.listTables(home.tables(), namespace(namespace), pageToken, sizeOf(pageSize)));
    }

    /// @param snapshots `all` or `refs`; null for all
    public Answer table(String namespace, String name, @Nullable String snapshots) {
        return answered(() -> {
            SnapshotMode mode =
                    snapshots == null ? SnapshotMode.ALL : SnapshotMode.valueOf(snapshots.toUpperCase(Locale.ROOT));
            return CatalogHandlers.loadTable(home.tables(), TableIdentifier.of(namespace(namespace), name), mode);
        });
    }

    public Answer tableExists(String namespace, String name) {
        return answered(() -> {
            CatalogHandlers.tableExists(home.tables(), TableIdentifier.of(namespace(namespace), name));
            return null;
        });
    }

    /// What every write gets.
    public Answer readOnly(String method, String path) {
        return error(
                405,
                "MethodNotAllowed",
                method + " " + path
                        + ": this catalog is read-only, because its tables are the archive of topics and Weir"
                        + " alone commits to them. Write to the topic instead.");
    }

    private static Namespace namespace(String encoded) {
        return Namespace.of(encoded.split(LEVELS, -1));
    }

    private static String sizeOf(@Nullable String pageSize) {
        return pageSize == null ? "1000" : pageSize;
    }

    private static Answer answered(Supplier<@Nullable Object> work) {
        try {
            Object response = work.get();
            return response == null ? new Answer(204, new byte[0]) : new Answer(200, write(response));
        } catch (NoSuchNamespaceException | NoSuchTableException e) {
            return error(404, e.getClass().getSimpleName(), e.getMessage());
        } catch (IllegalArgumentException e) {
            return error(400, "BadRequest", e.getMessage());
        } catch (WeirException | UncheckedIOException | NotFoundException | RESTException | UncheckedSQLException e) {
            LOG.info("Catalog could not answer cause={}", e.getMessage());
            return error(503, "ServiceUnavailable", e.getMessage());
        }
    }

    private static Answer error(int status, String type, @Nullable String message) {
        ErrorResponse response = ErrorResponse.builder()
                .responseCode(status)
                .withType(type)
                .withMessage(message)
                .build();
        return new Answer(status, write(response));
    }

    private static byte[] write(Object response) {
        try {
            return JSON.writeValueAsBytes(response);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The catalog's answer cannot be written as JSON.", e);
        }
    }
}
