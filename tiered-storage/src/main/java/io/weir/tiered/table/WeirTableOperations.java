package io.weir.tiered.table;

import io.weir.log.fault.WeirException;
import java.util.UUID;
import org.apache.iceberg.BaseMetastoreTableOperations;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One table: its metadata is a file, its pointer a record of `__weir_catalog`. A commit writes a new file
/// and swaps the pointer if nobody was faster.
final class WeirTableOperations extends BaseMetastoreTableOperations {
    private static final Logger LOG = LoggerFactory.getLogger(WeirTableOperations.class);

    private final TablePointers pointers;
    private final FileIO io;
    private final TableIdentifier table;

    WeirTableOperations(TablePointers pointers, FileIO io, TableIdentifier table) {
        this.pointers = pointers;
        this.io = io;
        this.table = table;
    }

    @Override
    protected String tableName() {
        return table.toString();
    }

    @Override
    public FileIO io() {
        return io;
    }

    @Override
    protected void doRefresh() {
        String location = pointers.find(table).map(TablePointer::location).orElse(null);
        if (location != null) {
            refreshFromMetadataLocation(location);
        } else if (currentMetadataLocation() != null) {
            throw new NoSuchTableException("Table '%s': has gone.", table);
        } else {
            disableRefresh();
        }
    }

    @Override
    protected void doCommit(TableMetadata base, TableMetadata metadata) {
        boolean newTable = base == null;
        String location = writeNewMetadataIfRequired(newTable, metadata);
        TablePointers.Swap swap;
        try {
            swap = pointers.swap(table, newTable ? null : base.metadataFileLocation(), pointer(location, metadata));
        } catch (WeirException e) {
            settle(location, metadata, e);
            return;
        }
        switch (swap) {
            case DONE -> LOG.debug("Table points to new metadata table={} location={}", table, location);
            case LOST -> {
                io.deleteFile(location);
                throw new CommitFailedException("Table '%s': another commit was faster.", table);
            }
            case TAKEN -> {
                io.deleteFile(location);
                throw new AlreadyExistsException("Table '%s': exists.", table);
            }
        }
    }

    /// The journal did not say whether the pointer was written: so the catalog is asked.
    private void settle(String location, TableMetadata metadata, WeirException cause) {
        switch (checkCommitStatus(location, metadata)) {
            case SUCCESS -> LOG.info("Commit was there after all table={}", table);
            case FAILURE -> throw new CommitFailedException(cause, "Table '%s': %s", table, cause.getMessage());
            case UNKNOWN -> throw new CommitStateUnknownException(cause);
        }
    }

    private static TablePointer pointer(String location, TableMetadata metadata) {
        return new TablePointer(
                location,
                metadata.property(LakeProperties.TOPIC, ""),
                UUID.fromString(metadata.property(LakeProperties.TOPIC_ID, new UUID(0, 0).toString())));
    }
}
