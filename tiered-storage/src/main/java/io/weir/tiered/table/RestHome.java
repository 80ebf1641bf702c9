package io.weir.tiered.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.rest.RESTClient;
import org.apache.iceberg.rest.RESTSessionCatalog;
import org.jspecify.annotations.Nullable;

/// Tables in a REST catalog of somebody else. It is reached at the first use, and again at the next one when
/// it
/// did not answer, so that the archive works without it; files go through the archive's own store.
final class RestHome implements TableHome {
    private final Map<String, String> properties;
    private final FileIO io;

    /// Guards the opening and closing of `catalog`.
    private final ReentrantLock lifecycle = new ReentrantLock();

    private @Nullable RESTCatalog catalog;

    /// @param properties of Iceberg's REST client, `uri` among them
    RestHome(Map<String, String> properties, FileIO io) {
        this.properties = Map.copyOf(properties);
        this.io = io;
    }

    /// Iceberg's client, told whose files to use.
    private static final class OverTheStore extends RESTCatalog {
        private final FileIO io;

        OverTheStore(FileIO io) {
            this.io = io;
        }

        @Override
        protected RESTSessionCatalog newSessionCatalog(Function<Map<String, String>, RESTClient> clients) {
            // called before our constructor has run: the field is read when a table is loaded
            return new RESTSessionCatalog(clients, (context, config) -> io);
        }
    }

    private RESTCatalog open() {
        lifecycle.lock();
        try {
            RESTCatalog present = catalog;
            if (present == null) {
                present = new OverTheStore(io);
                present.initialize("weir", properties);
                catalog = present;
            }
            return present;
        } finally {
            lifecycle.unlock();
        }
    }

    @Override
    public Catalog tables() {
        return open();
    }

    @Override
    public SupportsNamespaces namespaces() {
        return open();
    }

    @Override
    public TableOperations operations(TableIdentifier table) {
        return ((HasTableOperations) open().loadTable(table)).operations();
    }

    @Override
    public boolean isOwn() {
        return false;
    }

    @Override
    public void close() {
        lifecycle.lock();
        try {
            RESTCatalog present = catalog;
            catalog = null;
            if (present != null) {
                present.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lifecycle.unlock();
        }
    }
}
