package io.weir.tiered.archive;

import io.weir.tiered.shape.CountingLakeSchema;
import io.weir.tiered.store.HadoopObjectStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.server.log.remote.storage.LogSegmentData;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentId;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadataUpdate;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentState;

/// A program: archives one large segment of one-record batches and reads it back, in a heap that its caller has
/// bounded. Arguments: an empty folder, the count of batches. Prints the SHA-256 of the segment and of what came back.
final class LargeSegmentCopy {
    private static final TopicIdPartition PARTITION =
            new TopicIdPartition(new Uuid(1, 2), new TopicPartition("large", 0));
    private static final long FIRST_MILLIS = 1_767_225_600_000L;

    private LargeSegmentCopy() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int batches = Integer.parseInt(arguments[1]);
        Path log = folder.resolve("00000000000000000000.log");
        write(log, batches);
        Path empty = Files.write(folder.resolve("empty"), new byte[0]);
        LogSegmentData data = new LogSegmentData(log, empty, empty, Optional.empty(), empty, ByteBuffer.allocate(0));
        LakeSchemas.offer("large", new CountingLakeSchema());
        ArchiveSettings settings = ArchiveSettings.of(Map.of(
                ArchiveSettings.URI,
                folder.resolve("archive").toUri().toString(),
                ArchiveSettings.CLUSTER_ID,
                "large",
                ArchiveSettings.CACHE_BYTES,
                Integer.toString(32 << 20),
                ArchiveSettings.SERVE_COMPRESSION,
                "none"));
        try (WeirRemoteStorageManager plugin = new WeirRemoteStorageManager()) {
            plugin.start(
                    settings,
                    HadoopObjectStore.open(settings.root(), Map.of()),
                    Files.createDirectory(folder.resolve("staging")));
            RemoteLogSegmentMetadata started = new RemoteLogSegmentMetadata(
                    RemoteLogSegmentId.generateNew(PARTITION),
                    0,
                    batches - 1L,
                    0,
                    1,
                    0,
                    Math.toIntExact(Files.size(log)),
                    Map.of(0, 0L));
            RemoteLogSegmentMetadata copied = started.createWithUpdates(new RemoteLogSegmentMetadataUpdate(
                    started.remoteLogSegmentId(),
                    0,
                    plugin.copyLogSegmentData(started, data),
                    RemoteLogSegmentState.COPY_SEGMENT_FINISHED,
                    1));
            System.out.println(
                    "raw " + ArchiveMetrics.PROCESS.byTopic().get("large").rawRecords());
            System.out.println("segment " + sha256(Files.newInputStream(log)));
            System.out.println("served " + sha256(plugin.fetchLogSegment(copied, 0)));
        }
    }

    private static void write(Path log, int batches) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(512);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(log), 1 << 20)) {
            for (int i = 0; i < batches; i++) {
                buffer.clear();
                MemoryRecordsBuilder batch = MemoryRecords.builder(
                        buffer,
                        (byte) 2,
                        Compression.NONE,
                        TimestampType.CREATE_TIME,
                        i,
                        -1L,
                        -1L,
                        (short) -1,
                        -1,
                        false,
                        false,
                        0);
                String value = "{\"n\":" + i + ",\"sensor\":\"s-" + i % 977 + "\"}";
                batch.append(FIRST_MILLIS + i, null, value.getBytes(StandardCharsets.UTF_8));
                ByteBuffer bytes = batch.build().buffer();
                out.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
            }
        }
    }

    private static String sha256(InputStream in) throws IOException, NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream hashed = new DigestInputStream(in, digest)) {
            hashed.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
