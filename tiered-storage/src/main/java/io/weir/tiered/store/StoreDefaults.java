package io.weir.tiered.store;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/// Hadoop's settings where they are not given: time limits and retries that fit the deadline of one call, so that a
/// store in trouble gives its threads back, and the habits that suit objects which are written once.
final class StoreDefaults {
    private static final String ENDPOINT = "fs.s3a.endpoint";
    /// The S3 client raises shorter limits to this.
    private static final Duration LEAST_NETWORK_TIMEOUT = Duration.ofSeconds(15);
    /// A part of an upload has 64 MiB; a slower line than a MiB per second is no place for an archive.
    private static final Duration PART_UPLOAD = Duration.ofSeconds(64);

    private StoreDefaults() {}

    /// The given settings and, for what they leave open, ours.
    static Map<String, String> under(URI root, Map<String, String> given, Duration deadline) {
        Map<String, String> settings = new HashMap<>();
        switch (root.getScheme()) {
            // of the others some look for Hadoop's own local file system under this name
            case "file" -> settings.put("fs.file.impl", LocalFolderFileSystem.class.getName());
            case "s3a" -> s3a(settings, given, deadline);
            case "hdfs" -> hdfs(settings, deadline);
            default -> {}
        }
        settings.putAll(given);
        return settings;
    }

    private static void s3a(Map<String, String> settings, Map<String, String> given, Duration deadline) {
        String call = millis(deadline.compareTo(LEAST_NETWORK_TIMEOUT) > 0 ? deadline : LEAST_NETWORK_TIMEOUT);
        settings.put("fs.s3a.connection.establish.timeout", millis(LEAST_NETWORK_TIMEOUT));
        settings.put("fs.s3a.connection.timeout", call);
        settings.put("fs.s3a.connection.request.timeout", call);
        settings.put("fs.s3a.connection.part.upload.timeout", millis(deadline.plus(PART_UPLOAD)));
        settings.put("fs.s3a.attempts.maximum", "2");
        settings.put("fs.s3a.retry.limit", "2");
        settings.put("fs.s3a.retry.interval", "200ms");
        // nothing is asked of the store before the first object is wanted
        settings.put("fs.s3a.bucket.probe", "0");
        // no look whether an object is there before it is written
        settings.put("fs.s3a.performance.flags", "create,mkdir");
        // ranges as they are asked for: what reads ahead of them hides the store's own answer behind its own
        settings.put("fs.s3a.input.stream.type", "classic");
        settings.put("fs.s3a.multipart.size", "64M");
        settings.put("fs.s3a.multipart.threshold", "64M");
        if (given.containsKey(ENDPOINT)) {
            settings.put("fs.s3a.path.style.access", "true");
            settings.put("fs.s3a.endpoint.region", "us-east-1");
        }
    }

    private static void hdfs(Map<String, String> settings, Duration deadline) {
        settings.put("fs.hdfs.impl", "org.apache.hadoop.hdfs.DistributedFileSystem");
        settings.put("ipc.client.connect.timeout", "5000");
        settings.put("ipc.client.connect.max.retries", "2");
        settings.put("ipc.client.connect.max.retries.on.timeouts", "1");
        settings.put("ipc.client.rpc-timeout.ms", millis(deadline));
        settings.put("dfs.client.socket-timeout", millis(deadline));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
