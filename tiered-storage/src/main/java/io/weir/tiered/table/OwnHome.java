package io.weir.tiered.table;

import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;

/// Tables in `__weir_catalog`.
record OwnHome(WeirCatalog catalog) implements TableHome {
    @Override
    public Catalog tables() {
        return catalog;
    }

    @Override
    public SupportsNamespaces namespaces() {
        return catalog;
    }

    @Override
    public TableOperations operations(TableIdentifier table) {
        return catalog.newTableOps(table);
    }

    @Override
    public boolean isOwn() {
        return true;
    }

    @Override
    public void close() {}
}
