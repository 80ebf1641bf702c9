package io.weir.tiered.table;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.FileIO;
import org.jspecify.annotations.Nullable;

/// Tables in a catalog of somebody else. It is reached at the first use, and again at the next one when it did
/// not answer, so that the archive works without it; files go through the archive's own store.
final class ForeignHome implements TableHome {
    private final ForeignCatalog catalog;
    private final FileIO io;
    private final String root;

    /// Guards the opening and closing of `present`.
    private final ReentrantLock lifecycle = new ReentrantLock();

    private @Nullable Opened present;

    /// @param root where the archive lies, for catalogs that want to know a place for tables
    ForeignHome(ForeignCatalog catalog, FileIO io, String root) {
        this.catalog = catalog;
        this.io = io;
        this.root = root;
    }

    /// One object in the three roles that it has here.
    record Opened(Catalog tables, SupportsNamespaces namespaces, Closeable closing) {
        static <C extends Catalog & SupportsNamespaces & Closeable> Opened of(C catalog) {
            return new Opened(catalog, catalog, catalog);
        }
    }

    private Opened open() {
        lifecycle.lock();
        try {
            Opened opened = present;
            if (opened == null) {
                opened = catalog.open(io, root);
                present = opened;
            }
            return opened;
        } finally {
            lifecycle.unlock();
        }
    }

    @Override
    public Catalog tables() {
        return open().tables();
    }

    @Override
    public SupportsNamespaces namespaces() {
        return open().namespaces();
    }

    @Override
    public TableOperations operations(TableIdentifier table) {
        return ((HasTableOperations) open().tables().loadTable(table)).operations();
    }

    @Override
    public boolean isOwn() {
        return false;
    }

    @Override
    public void close() {
        lifecycle.lock();
        try {
            Opened opened = present;
            present = null;
            if (opened != null) {
                opened.closing().close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            lifecycle.unlock();
        }
    }
}
