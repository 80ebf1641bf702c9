package io.weir.tiered.table;

import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.encryption.EncryptionManager;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.LocationProvider;

/// A table as it was when the commit was planned, for ever. Iceberg's transactions refresh before they commit
/// and apply their updates to whatever they find then: with an append that was planned on another vector this
/// is how rows come in twice. Here a refresh finds what was planned on, and the swap of the pointer fails
/// when that is no longer the present. Used for one commit, by one thread.
final class PinnedOperations implements TableOperations {
    private final TableOperations operations;
    private TableMetadata pinned;

    /// @param operations of its own, as nobody else may refresh them
    PinnedOperations(TableOperations operations) {
        this.operations = operations;
        this.pinned = operations.refresh();
    }

    /// Somebody else's commit came in between. Nothing of this one is in the table.
    static final class LostRaceException extends RuntimeException implements CleanableFailure {
        private static final long serialVersionUID = 1L;

        LostRaceException(CommitFailedException cause) {
            super(cause.getMessage(), cause);
        }
    }

    @Override
    public TableMetadata current() {
        return pinned;
    }

    @Override
    public TableMetadata refresh() {
        return pinned;
    }

    @Override
    public void commit(TableMetadata base, TableMetadata metadata) {
        try {
            operations.commit(base, metadata);
        } catch (CommitFailedException e) {
            // Iceberg would try again, on the same old state
            throw new LostRaceException(e);
        }
        pinned = metadata;
    }

    @Override
    public FileIO io() {
        return operations.io();
    }

    @Override
    public EncryptionManager encryption() {
        return operations.encryption();
    }

    @Override
    public String metadataFileLocation(String fileName) {
        return operations.metadataFileLocation(fileName);
    }

    @Override
    public LocationProvider locationProvider() {
        return operations.locationProvider();
    }

    @Override
    public TableOperations temp(TableMetadata uncommitted) {
        return operations.temp(uncommitted);
    }

    @Override
    public long newSnapshotId() {
        return operations.newSnapshotId();
    }

    @Override
    public boolean requireStrictCleanup() {
        return operations.requireStrictCleanup();
    }
}
