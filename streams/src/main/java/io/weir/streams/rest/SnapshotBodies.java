package io.weir.streams.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Snapshot;
import java.time.Instant;
import java.util.Locale;

/// The JSON of `/jobs/{job}/snapshots`.
final class SnapshotBodies {
    private SnapshotBodies() {}

    static ObjectNode list(Job job) {
        ObjectNode body = JobBodies.object().put("job", job.name().value());
        ArrayNode snapshots = body.putArray("snapshots");
        job.snapshots().forEach(snapshot -> snapshots.add(one(snapshot)));
        return body;
    }

    static ObjectNode one(Snapshot snapshot) {
        ObjectNode body = JobBodies.object()
                .put("snapshot", snapshot.number())
                .put("kind", snapshot.kind().name().toLowerCase(Locale.ROOT))
                .put("version", snapshot.version())
                .put("state", snapshot.phase().name())
                .put("asked", snapshot.asked().toString());
        if (snapshot.ended() != null) {
            body.put("ended", snapshot.ended().toString());
        }
        if (!snapshot.problem().isEmpty()) {
            body.put("problem", snapshot.problem());
        }
        ObjectNode asOf = body.putObject("asOf");
        Replay replay = snapshot.replay();
        if (replay != null) {
            asOf.set("offsets", JobBodies.longs(replay.stop()));
        }
        if (snapshot.beforeMillis() >= 0) {
            asOf.put("before", Instant.ofEpochMilli(snapshot.beforeMillis()).toString());
        }
        body.set("outputs", JobBodies.strings(snapshot.outputs()));
        return body;
    }
}
