package io.weir.tiered.table;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.journal.Journal;
import io.weir.tiered.archive.ArchiveLayout;
import io.weir.tiered.store.ObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The table of each archived topic, found by the topic's id. A topic that was deleted and created again gets
/// a new table under its name; the old one is renamed `<topic>__<first 8 characters of its id>`.
///
/// The records `table/<namespace>/<name>` of `__weir_catalog` say which topic has which table; with our own
/// catalog they are the catalog as well. Thread-safe; owns the connection to a catalog of somebody else.
public final class LakeTables implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LakeTables.class);
    private static final int TRIES = 5;
    private static final int SHORT_ID = 8;

    private final TablePointers pointers;
    private final StoreFileIO files;
    private final ArchiveLayout layout;
    private final Namespace namespace;
    private final TableHome home;

    /// Tables in a catalog of our own.
    ///
    /// @param journal of the catalog, folded by [TablePointer#fold]
    /// @param root of the archive, as the store was opened with
    /// @param staging local folder for files under way
    public LakeTables(
            Journal<Map<String, TablePointer>> journal,
            ObjectStore store,
            URI root,
            Path staging,
            ArchiveLayout layout) {
        this.pointers = new TablePointers(journal);
        this.files = new StoreFileIO(store, root, staging);
        this.layout = layout;
        this.namespace = Namespace.of(layout.namespace());
        this.home = new OwnHome(new WeirCatalog(pointers, files, namespace));
    }

    private LakeTables(LakeTables own, ForeignCatalog catalog) {
        this.pointers = own.pointers;
        this.files = own.files;
        this.layout = own.layout;
        this.namespace = own.namespace;
        this.home = new ForeignHome(catalog, own.files, own.files.location(own.layout.listed("")));
    }

    /// The same topics with their tables in a catalog of somebody else.
    public LakeTables in(ForeignCatalog catalog) {
        return new LakeTables(this, catalog);
    }

    /// What a table shows of itself.
    ///
    /// @param snapshotId empty while nothing was committed
    public record Summary(String table, OptionalLong snapshotId, OffsetVector offsets, String metadataLocation) {}

    /// The state of a topic's table; empty when it has none yet.
    public Optional<Summary> summary(UUID topicId) {
        return find(topicId).map(table -> {
            Snapshot snapshot = table.currentSnapshot();
            return new Summary(
                    table.name().replaceFirst("^weir\\.", ""),
                    snapshot == null ? OptionalLong.empty() : OptionalLong.of(snapshot.snapshotId()),
                    OffsetVector.parse(table.properties().getOrDefault(LakeProperties.OFFSETS, "")),
                    metadataLocation(table));
        });
    }

    TableHome home() {
        return home;
    }

    StoreFileIO files() {
        return files;
    }

    /// A data file as sidecars name it: relative to the cluster's folder.
    String inCluster(String location) {
        String path = files.path(location);
        String cluster = layout.listed("");
        return path.startsWith(cluster) ? path.substring(cluster.length()) : path;
    }

    ArchiveLayout layout() {
        return layout;
    }

    /// All pointers, by `<namespace>/<name>`.
    Map<String, TablePointer> pointers() {
        return pointers.latest();
    }

    /// Where the metadata of a topic's table lies, as known here; empty when it has none.
    Optional<String> location(UUID topicId) {
        return pointers.known().values().stream()
                .filter(pointer -> pointer.topicId().equals(topicId))
                .map(TablePointer::location)
                .findFirst();
    }

    /// The same, not older than this call.
    Optional<String> latestLocation(UUID topicId) {
        Map<String, TablePointer> latest = pointers.latest();
        return identifier(latest, topicId)
                .map(name -> Objects.requireNonNull(latest.get(TablePointers.name(name)))
                        .location());
    }

    static String metadataLocation(Table table) {
        return ((HasTableOperations) table).operations().current().metadataFileLocation();
    }

    Optional<Table> find(UUID topicId) {
        return identifier(pointers.latest(), topicId).flatMap(this::load);
    }

    private Optional<Table> load(TableIdentifier name) {
        try {
            return Optional.of(home.tables().loadTable(name));
        } catch (NoSuchTableException e) {
            return Optional.empty();
        } catch (RuntimeException e) {
            if (ForeignCatalog.isAway(e)) {
                throw new WeirException(
                        "catalog-unavailable",
                        Whose.EXTERNAL,
                        "Table '" + name + "': the catalog of 'weir.lake.catalog' does not answer: " + e.getMessage(),
                        e);
            }
            throw e;
        }
    }

    private static Optional<TableIdentifier> identifier(Map<String, TablePointer> known, UUID topicId) {
        return known.entrySet().stream()
                .filter(pointer -> pointer.getValue().topicId().equals(topicId))
                .map(pointer -> WeirCatalog.identifier(pointer.getKey()))
                .findFirst();
    }

    /// Operations of a topic's table that nobody shares.
    TableOperations operations(UUID topicId) {
        return identifier(pointers.latest(), topicId)
                .map(home::operations)
                .orElseThrow(() -> new NoSuchTableException("Topic id '%s': has no table.", topicId));
    }

    /// The topic's table, made now when there is none.
    Table ensure(String topic, UUID topicId) {
        TableIdentifier name = TableIdentifier.of(namespace, topic);
        for (int tried = 0; tried < TRIES; tried++) {
            Optional<Table> present = find(topicId);
            if (present.isPresent()) {
                return present.get();
            }
            Optional<Table> other = load(name);
            if (other.isPresent() && isOf(other.get(), topicId)) {
                // made by a node that could not write it down any more
                return writtenDown(name, topic, topicId, other.get());
            }
            try {
                other.ifPresent(table -> moveAside(name, table));
                return writtenDown(name, topic, topicId, create(name, topic, topicId));
            } catch (AlreadyExistsException | NoSuchTableException e) {
                LOG.debug("Another node makes the table table={}", name);
            }
        }
        throw new IllegalStateException("Table '" + name + "': could not be made, others make and remove it.");
    }

    private static boolean isOf(Table table, UUID topicId) {
        return topicId.toString().equals(table.properties().get(LakeProperties.TOPIC_ID));
    }

    /// Our own catalog has it written down already.
    private Table writtenDown(TableIdentifier name, String topic, UUID topicId, Table table) {
        if (!home.isOwn()) {
            pointers.put(name, new TablePointer(metadataLocation(table), topic, topicId));
        }
        return table;
    }

    /// Renames the table of a topic that had the name before.
    private void moveAside(TableIdentifier name, Table former) {
        String id = former.properties().getOrDefault(LakeProperties.TOPIC_ID, "");
        if (id.length() < SHORT_ID) {
            throw new IllegalStateException("Table '" + name
                    + "': exists and is not Weir's. Rename it, or set 'weir.lake.namespace' to another namespace.");
        }
        TableIdentifier aside = TableIdentifier.of(name.namespace(), name.name() + "__" + id.substring(0, SHORT_ID));
        home.tables().renameTable(name, aside);
        if (!home.isOwn()) {
            TablePointers.Swap unused = pointers.rename(name, aside);
        }
        LOG.info("Topic was created again, its former table is renamed table={} renamed={}", name, aside);
    }

    private Table create(TableIdentifier name, String topic, UUID topicId) {
        requireNamespace();
        Table table = home.tables()
                .buildTable(name, FixedColumns.SCHEMA)
                .withPartitionSpec(FixedColumns.SPEC)
                .withSortOrder(FixedColumns.SORT)
                .withLocation(files.location(layout.listed(layout.table(topic, topicId))))
                .withProperties(properties(topic, topicId))
                .create();
        FixedColumns.check(name.toString(), table.schema());
        LOG.info("Table is made table={} topicId={}", name, topicId);
        return table;
    }

    private void requireNamespace() {
        if (home.isOwn() || home.namespaces().namespaceExists(namespace)) {
            return;
        }
        try {
            home.namespaces().createNamespace(namespace);
        } catch (RuntimeException e) {
            // somebody else was faster; which exception says so depends on the catalog and on its database
            if (!home.namespaces().namespaceExists(namespace)) {
                throw e;
            }
        }
    }

    private Map<String, String> properties(String topic, UUID topicId) {
        Map<String, String> properties = new HashMap<>();
        properties.put(TableProperties.FORMAT_VERSION, "2");
        properties.put(TableProperties.PARQUET_COMPRESSION, "zstd");
        properties.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
        properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, "20");
        // whole values tell a scan nothing
        properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + "_raw", "counts");
        properties.put(TableProperties.METRICS_MODE_COLUMN_CONF_PREFIX + "_key_raw", "counts");
        properties.put(LakeProperties.TOPIC, topic);
        properties.put(LakeProperties.TOPIC_ID, topicId.toString());
        properties.put(LakeProperties.CLUSTER_ID, layout.clusterId());
        properties.put(LakeProperties.OFFSETS, "");
        if (!home.isOwn()) {
            // who compacts such a table must leave the files: the log reads them
            properties.put(TableProperties.GC_ENABLED, "false");
        }
        return properties;
    }

    /// Forgets the table of a topic that is no more. Its files were the archive's and went with the topic.
    void forget(TableIdentifier table) {
        boolean dropped = home.tables().dropTable(table, false);
        boolean forgotten = !home.isOwn() && pointers.remove(table);
        if (dropped || forgotten) {
            LOG.info("Topic is gone, so is its table table={}", table);
        }
    }

    @Override
    public void close() {
        home.close();
    }
}
