package io.weir.tiered.archive;

import io.weir.tiered.segment.SegmentAddress;
import java.util.UUID;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;

/// Where the objects of a segment lie, relative to the archive's root:
///
/// ```
/// <cluster id>/log/<topic id>/p<partition>/<segment uuid>.sidecar
/// <cluster id>/log/<topic id>/p<partition>/<segment uuid>.segment      where it is stored as it is
/// <cluster id>/lake/<namespace>/<topic>-<topic id, 8 chars>/data/p<partition>/<base, 20 digits>-<segment
/// uuid>-<n>.parquet
/// <cluster id>/lake/<namespace>/<topic>-<topic id, 8
/// chars>/data/p<partition>/<first>-to-<last>-<uuid>.parquet
/// ```
///
/// Kafka's ids stand as UUIDs in hex: base64 ids would clash where file names ignore case.
///
/// @param clusterId Kafka's cluster id
/// @param namespace of the tables
public record ArchiveLayout(String clusterId, String namespace) {
    /// The address of a segment that the broker names.
    public static SegmentAddress address(RemoteLogSegmentMetadata metadata) {
        return new SegmentAddress(
                uuid(metadata.topicIdPartition().topicId()),
                metadata.topicIdPartition().partition(),
                uuid(metadata.remoteLogSegmentId().id()),
                metadata.startOffset());
    }

    /// The same 128 bits.
    public static UUID uuid(Uuid id) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
    }

    /// Path of the sidecar.
    public String sidecar(SegmentAddress segment) {
        return clusterId + "/log/" + segment.topicId() + "/p" + segment.partition() + "/" + segment.segment()
                + ".sidecar";
    }

    /// Path of the segment itself, where it is stored as it is.
    public String classic(SegmentAddress segment) {
        return clusterId + "/log/" + segment.topicId() + "/p" + segment.partition() + "/" + segment.segment()
                + ".segment";
    }

    /// Path of the n-th data file, relative to the cluster's folder: what a sidecar lists.
    public String dataFile(String topic, SegmentAddress segment, int number) {
        return table(topic, segment.topicId()) + "/data/p" + segment.partition() + "/"
                + String.format("%020d", segment.baseOffset()) + "-" + segment.segment() + "-" + number + ".parquet";
    }

    /// Path of a file that compaction has made of others, as sidecars list it. Its name is no segment's:
    /// segments come
    /// and go under it.
    public String joinedFile(String topic, UUID topicId, int partition, long first, long last, UUID id) {
        return table(topic, topicId) + "/data/p" + partition + "/" + String.format("%020d", first) + "-to-"
                + String.format("%020d", last) + "-" + id + ".parquet";
    }

    /// Folder of the topic's table, relative to the cluster's folder.
    public String table(String topic, UUID topicId) {
        return "lake/" + namespace + "/" + topic + "-" + topicId.toString().substring(0, 8);
    }

    /// Path below the root of what a sidecar lists.
    public String listed(String path) {
        return clusterId + "/" + path;
    }
}
