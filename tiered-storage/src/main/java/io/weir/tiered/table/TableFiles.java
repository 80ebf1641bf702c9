package io.weir.tiered.table;

import io.weir.tiered.archive.LiveDataFiles;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The data files of every snapshot that any table still has. Safe for use by any thread; owns nothing.
public final class TableFiles implements LiveDataFiles {
    private static final Logger LOG = LoggerFactory.getLogger(TableFiles.class);

    private final LakeTables tables;

    public TableFiles(LakeTables tables) {
        this.tables = tables;
    }

    @Override
    public Optional<Set<String>> paths() {
        if (!tables.home().isOwn()) {
            // others may keep tables over these files that are not known here
            return Optional.empty();
        }
        Set<String> paths = new HashSet<>();
        try {
            for (String name : tables.pointers().keySet()) {
                add(tables.home().tables().loadTable(WeirCatalog.identifier(name)), paths);
            }
            return Optional.of(paths);
        } catch (IOException | RuntimeException e) {
            // half an answer would make orphans of the other half
            LOG.warn("Files of the tables cannot be told cause={}", e.getMessage());
            return Optional.empty();
        }
    }

    private void add(Table table, Set<String> paths) throws IOException {
        Set<String> manifests = new HashSet<>();
        for (Snapshot snapshot : table.snapshots()) {
            for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
                if (manifests.add(manifest.path())) {
                    add(table, manifest, paths);
                }
            }
        }
    }

    private void add(Table table, ManifestFile manifest, Set<String> paths) throws IOException {
        try (ManifestReader<DataFile> files = ManifestFiles.read(manifest, table.io(), table.specs())) {
            for (DataFile file : files) {
                paths.add(tables.inCluster(file.location()));
            }
        }
    }
}
