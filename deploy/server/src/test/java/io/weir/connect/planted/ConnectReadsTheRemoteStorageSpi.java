package io.weir.connect.planted;

/// Breaks the archive's door.
public final class ConnectReadsTheRemoteStorageSpi {
    Class<?> engine() {
        return org.apache.kafka.server.log.remote.storage.RemoteStorageManager.class;
    }
}
