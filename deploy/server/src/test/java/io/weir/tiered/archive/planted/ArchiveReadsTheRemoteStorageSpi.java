package io.weir.tiered.archive.planted;

/// Goes through the archive's own door.
public final class ArchiveReadsTheRemoteStorageSpi {
    Class<?> engine() {
        return org.apache.kafka.server.log.remote.storage.RemoteStorageManager.class;
    }
}
