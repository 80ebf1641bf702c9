package io.weir.streams.job.artifact;

import io.weir.log.journal.Fold;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which artifacts are completely stored. Chunks pass by without being kept: a node with many jars needs no heap
/// for them.
///
/// Format of `__weir_artifacts`, one compacted partition:
///
/// | Key | Value |
/// |---|---|
/// | `<sha256>/<index>`, index from 0 | 512 KiB of the jar, the last chunk shorter |
/// | `<sha256>/manifest` | `artifact/1 <bytes>` in ASCII, for example `artifact/1 48213` |
///
/// The manifest is written after the last chunk. Without it an upload was cut off and does not exist; uploading
/// the same jar again overwrites the same keys.
///
/// @param bySha256 complete artifacts
public record ArtifactIndex(Map<String, Artifact> bySha256) {
    static final ArtifactIndex EMPTY = new ArtifactIndex(Map.of());

    private static final Pattern MANIFEST_KEY = Pattern.compile("([0-9a-f]{64})/manifest");
    private static final Pattern MANIFEST = Pattern.compile("artifact/1 ([0-9]{1,9})");

    public ArtifactIndex {
        bySha256 = Map.copyOf(bySha256);
    }

    static Fold<ArtifactIndex> fold() {
        return ArtifactIndex::apply;
    }

    Optional<Artifact> find(String sha256) {
        return Optional.ofNullable(bySha256.get(sha256));
    }

    static String manifestKey(String sha256) {
        return sha256 + "/manifest";
    }

    static String chunkKey(String sha256, int index) {
        return sha256 + "/" + index;
    }

    static byte[] manifest(Artifact artifact) {
        return ("artifact/1 " + artifact.bytes()).getBytes(StandardCharsets.US_ASCII);
    }

    private ArtifactIndex apply(String key, byte @Nullable [] value) {
        Matcher manifestKey = MANIFEST_KEY.matcher(key);
        if (!manifestKey.matches()) {
            return this;
        }
        String sha256 = manifestKey.group(1);
        Map<String, Artifact> next = new HashMap<>(bySha256);
        if (value == null) {
            next.remove(sha256);
            return new ArtifactIndex(next);
        }
        Matcher manifest = MANIFEST.matcher(new String(value, StandardCharsets.US_ASCII));
        if (manifest.matches()) {
            next.put(sha256, new Artifact(sha256, Long.parseLong(manifest.group(1))));
        }
        return new ArtifactIndex(next);
    }
}
