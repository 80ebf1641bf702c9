package io.weir.tiered.table;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.BaseMetastoreCatalog;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;

/// Iceberg's catalog over the records `table/<namespace>/<name>` of `__weir_catalog`. Namespaces have one
/// level and exist by their tables; the configured one always does. Thread-safe; owns nothing.
final class WeirCatalog extends BaseMetastoreCatalog implements SupportsNamespaces {
    private final TablePointers pointers;
    private final FileIO io;
    private final Namespace home;

    /// @param home the namespace of new tables
    WeirCatalog(TablePointers pointers, FileIO io, Namespace home) {
        this.pointers = pointers;
        this.io = io;
        this.home = home;
    }

    @Override
    public String name() {
        return "weir";
    }

    @Override
    protected TableOperations newTableOps(TableIdentifier table) {
        return new WeirTableOperations(pointers, io, table);
    }

    @Override
    protected boolean isValidIdentifier(TableIdentifier table) {
        return table.namespace().length() == 1;
    }

    @Override
    protected String defaultWarehouseLocation(TableIdentifier table) {
        throw new UnsupportedOperationException("Table '" + table + "': is made by Weir, which says where it lies.");
    }

    @Override
    public List<TableIdentifier> listTables(Namespace namespace) {
        requireExists(namespace);
        return pointers.latest().keySet().stream()
                .map(WeirCatalog::identifier)
                .filter(table -> table.namespace().equals(namespace))
                .sorted((left, right) -> left.name().compareTo(right.name()))
                .toList();
    }

    static TableIdentifier identifier(String name) {
        int slash = name.indexOf('/');
        return TableIdentifier.of(name.substring(0, slash), name.substring(slash + 1));
    }

    /// Forgets the table; its files stay.
    ///
    /// @param purge not offered: the archive's files belong to the log as well
    @Override
    public boolean dropTable(TableIdentifier table, boolean purge) {
        if (purge) {
            throw new UnsupportedOperationException("Table '" + table
                    + "': its files are the archive that the log reads; they go by the topic's retention.");
        }
        return pointers.remove(table);
    }

    @Override
    public void renameTable(TableIdentifier from, TableIdentifier to) {
        switch (pointers.rename(from, to)) {
            case DONE -> {}
            case LOST -> throw new NoSuchTableException("Table '%s': does not exist.", from);
            case TAKEN -> throw new AlreadyExistsException("Table '%s': exists.", to);
        }
    }

    @Override
    public List<Namespace> listNamespaces(Namespace parent) {
        if (!parent.isEmpty()) {
            requireExists(parent);
            return List.of();
        }
        return namespaces().stream()
                .sorted((left, right) -> left.toString().compareTo(right.toString()))
                .toList();
    }

    @Override
    public Map<String, String> loadNamespaceMetadata(Namespace namespace) {
        requireExists(namespace);
        // the handlers ask it for null, which immutable maps refuse
        return new HashMap<>();
    }

    private void requireExists(Namespace namespace) {
        if (!namespaces().contains(namespace)) {
            throw new NoSuchNamespaceException("Namespace '%s': does not exist.", namespace);
        }
    }

    private Set<Namespace> namespaces() {
        Set<Namespace> found = new HashSet<>(Set.of(home));
        pointers.latest().keySet().forEach(name -> found.add(identifier(name).namespace()));
        return found;
    }

    @Override
    public void createNamespace(Namespace namespace, Map<String, String> properties) {
        throw fixed(namespace);
    }

    @Override
    public boolean dropNamespace(Namespace namespace) {
        throw fixed(namespace);
    }

    @Override
    public boolean setProperties(Namespace namespace, Map<String, String> properties) {
        throw fixed(namespace);
    }

    @Override
    public boolean removeProperties(Namespace namespace, Set<String> properties) {
        throw fixed(namespace);
    }

    private static UnsupportedOperationException fixed(Namespace namespace) {
        return new UnsupportedOperationException("Namespace '" + namespace
                + "': namespaces are not made by hand. The setting 'weir.lake.namespace' names the one of new tables.");
    }
}
