package io.weir.tiered.table;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.jdbc.UncheckedSQLException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.RESTSessionCatalog;
import org.jspecify.annotations.Nullable;

/// A catalog of somebody else that the tables are to stand in.
///
/// @param properties of Iceberg's client for it, `uri` among them
public record ForeignCatalog(Kind kind, Map<String, String> properties) {
    /// The name under which a database keeps the tables; engines must open the catalog by the same name.
    static final String NAME = "weir";

    private static final String POSTGRESQL = "jdbc:postgresql:";

    /// What is spoken to it.
    public enum Kind {
        /// Iceberg's REST protocol.
        REST,
        /// The two tables in a database that Iceberg's `JdbcCatalog` and others share.
        JDBC
    }

    public ForeignCatalog {
        properties = Map.copyOf(properties);
    }

    /// Whether this says that a catalog does not answer, or not as it should.
    static boolean isAway(@Nullable Throwable failure) {
        return failure instanceof UncheckedSQLException || failure instanceof RESTException;
    }

    /// @throws RuntimeException it does not answer
    ForeignHome.Opened open(FileIO io, String root) {
        return switch (kind) {
            case REST -> {
                RESTCatalog catalog = new RestOverTheStore(io);
                catalog.initialize(NAME, properties);
                yield ForeignHome.Opened.of(catalog);
            }
            case JDBC -> {
                JdbcCatalog catalog;
                try {
                    catalog = database(io, root);
                } catch (RuntimeException e) {
                    // another node was making the catalog's own tables at the same moment: now they are there
                    catalog = database(io, root);
                }
                yield ForeignHome.Opened.of(catalog);
            }
        };
    }

    private JdbcCatalog database(FileIO io, String root) {
        JdbcCatalog catalog = new JdbcCatalog(unused -> io, null, true);
        catalog.initialize(NAME, jdbcProperties(root));
        return catalog;
    }

    private Map<String, String> jdbcProperties(String root) {
        Map<String, String> all = new TreeMap<>();
        // required, though every table is made with a place of its own
        all.put(CatalogProperties.WAREHOUSE_LOCATION, root);
        all.put("jdbc.schema-version", "V1");
        if (properties.getOrDefault(CatalogProperties.URI, "").startsWith(POSTGRESQL)) {
            // without these a database that hangs would hold the committer for ever; seconds
            all.put("jdbc.connectTimeout", "10");
            all.put("jdbc.socketTimeout", "30");
        }
        all.putAll(properties);
        return all;
    }

    /// Iceberg's client, told whose files to use.
    private static final class RestOverTheStore extends RESTCatalog {
        private final FileIO io;

        RestOverTheStore(FileIO io) {
            this.io = io;
        }

        @Override
        protected RESTSessionCatalog newSessionCatalog(Function<Map<String, String>, RESTClient> clients) {
            // called before our constructor has run: the field is read when a table is loaded
            return new RESTSessionCatalog(clients, (context, config) -> io);
        }
    }

    /// Without the properties, which can be credentials.
    @Override
    public String toString() {
        return kind + " catalog";
    }
}
