package io.weir.tiered.table;

import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;

/// The catalog that tables stand in: our own, or somebody else's. Safe for use by any thread.
sealed interface TableHome extends AutoCloseable permits OwnHome, ForeignHome {
    /// The catalog as a keeper of tables.
    ///
    /// @throws RuntimeException it does not answer
    Catalog tables();

    /// The same catalog as a keeper of namespaces.
    SupportsNamespaces namespaces();

    /// Operations of a table that nobody shares.
    TableOperations operations(TableIdentifier table);

    /// Whether nobody else commits: then a pointer tells all, and files that left a table may be deleted.
    boolean isOwn();

    @Override
    void close();
}
