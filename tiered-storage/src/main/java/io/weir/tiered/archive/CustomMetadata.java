package io.weir.tiered.archive;

import io.weir.tiered.segment.SidecarWriter;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;

/// The 12 bytes that a segment's metadata carries: `version i8 = 1 | mode i8 | store id i16 | sidecar length at
/// copy i32 | CRC32C of its footer at copy i32`. Kafka allows 128 bytes and never changes them.
///
/// @param mode 0 parquet, 1 classic
/// @param sidecarBytes unsigned; with the checksum it is held against the sidecar while that is of generation 0
record CustomMetadata(int mode, int storeId, int sidecarBytes, int footerCrc32c) {
    static final int BYTES = 12;
    private static final byte VERSION = 1;
    static final int PARQUET = 0;
    static final int CLASSIC = 1;

    static CustomMetadata of(LakeMode mode, SidecarWriter.Sealed sealed) {
        return new CustomMetadata(
                mode == LakeMode.CLASSIC ? CLASSIC : PARQUET, 0, (int) sealed.lengthBytes(), sealed.footerCrc32c());
    }

    RemoteLogSegmentMetadata.CustomMetadata write() {
        return new RemoteLogSegmentMetadata.CustomMetadata(ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .put((byte) mode)
                .putShort((short) storeId)
                .putInt(sidecarBytes)
                .putInt(footerCrc32c)
                .array());
    }

    /// Empty while a copy is not finished: the broker then has none.
    ///
    /// @throws RemoteStorageException written by a program this one does not understand
    static Optional<CustomMetadata> read(RemoteLogSegmentMetadata metadata) throws RemoteStorageException {
        if (metadata.customMetadata().isEmpty()) {
            return Optional.empty();
        }
        byte[] value = metadata.customMetadata().get().value();
        if (value.length != BYTES || value[0] != VERSION || value[1] < PARQUET || value[1] > CLASSIC) {
            throw new RemoteStorageException("Segment " + metadata.remoteLogSegmentId()
                    + ": custom metadata must be 12 bytes of version 1, mode 0 or 1, got " + value.length + " bytes"
                    + (value.length < 2 ? "" : " of version " + value[0] + ", mode " + value[1])
                    + ". A newer Weir or another plugin has written it.");
        }
        ByteBuffer in = ByteBuffer.wrap(value, 2, 10);
        return Optional.of(new CustomMetadata(value[1], in.getShort(), in.getInt(), in.getInt()));
    }
}
