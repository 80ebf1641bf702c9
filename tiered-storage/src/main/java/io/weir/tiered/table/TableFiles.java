package io.weir.tiered.table;

import io.weir.tiered.archive.LiveDataFiles;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
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

    @Override
    public Optional<Set<String>> folders() {
        if (!tables.home().isOwn()) {
            return Optional.empty();
        }
        try {
            return Optional.of(tables.pointers().values().stream()
                    .map(pointer -> tables.inCluster(pointer.location()))
                    .map(metadata -> metadata.substring(0, metadata.lastIndexOf("/metadata/")))
                    .collect(Collectors.toSet()));
        } catch (RuntimeException e) {
            LOG.warn("Folders of the tables cannot be told cause={}", e.getMessage());
            return Optional.empty();
        }
    }

    /// The files of a table's present snapshot and their lengths, by path relative to the cluster's folder.
    public Map<String, Long> present(UUID topicId) {
        Map<String, Long> present = new TreeMap<>();
        Table table = tables.find(topicId).orElse(null);
        if (table != null && table.currentSnapshot() != null) {
            PresentFiles.of(table)
                    .byPartition()
                    .values()
                    .forEach(files -> files.forEach(
                            file -> present.put(tables.inCluster(file.location()), file.fileSizeInBytes())));
        }
        return present;
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
