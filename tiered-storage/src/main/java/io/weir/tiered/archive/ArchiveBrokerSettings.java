package io.weir.tiered.archive;

import io.weir.tiered.store.Secrets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/// Kafka broker properties that put the archive into a broker of this process. Settings of the metadata topic are
/// the node's own.
///
/// @param dataDirectory of the node; identity and defaults lie there
/// @param cadence how often the broker looks for segments to copy and to drop locally
/// @param copyThreads segments copied at a time; each holds up to one row group in memory
/// @param plugin settings of the plugin by full name (`weir.archive.uri` ...), over the defaults
public record ArchiveBrokerSettings(Path dataDirectory, Duration cadence, int copyThreads, Map<String, String> plugin) {
    private static final String RSM_PREFIX = "rsm.config.";

    /// Kafka closes a segment when its records' own timestamps span this much: with a day, a topic that is filled
    /// with two months of history falls into sixty small segments.
    private static final Duration ROLL = Duration.ofDays(30);

    public ArchiveBrokerSettings {
        plugin = Map.copyOf(plugin);
    }

    /// Without the values of secrets.
    @Override
    public String toString() {
        return "ArchiveBrokerSettings[dataDirectory=" + dataDirectory + ", cadence=" + cadence + ", copyThreads="
                + copyThreads + ", plugin=" + Secrets.masked(plugin) + "]";
    }

    /// Where the archive lies unless `weir.archive.uri` says otherwise.
    public static String defaultUri(Path dataDirectory) {
        return dataDirectory.resolve("archive").toAbsolutePath().toUri().toString();
    }

    /// Names and values without any prefix of Weir's.
    public Map<String, String> brokerProperties() {
        String cadenceMillis = Long.toString(cadence.toMillis());
        Map<String, String> properties = new TreeMap<>();
        properties.put("remote.log.storage.system.enable", "true");
        properties.put("remote.log.storage.manager.class.name", WeirRemoteStorageManager.class.getName());
        properties.put(
                "remote.log.metadata.manager.class.name",
                "org.apache.kafka.server.log.remote.metadata.storage.TopicBasedRemoteLogMetadataManager");
        properties.put("remote.log.manager.task.interval.ms", cadenceMillis);
        properties.put("remote.log.manager.copier.thread.pool.size", Integer.toString(copyThreads));
        properties.put("remote.fetch.max.wait.ms", "5000");
        properties.put("log.retention.check.interval.ms", cadenceMillis);
        properties.put("log.roll.ms", Long.toString(ROLL.toMillis()));
        properties.put("log.initial.task.delay.ms", cadenceMillis);
        Map<String, String> settings = new TreeMap<>();
        settings.put(ArchiveSettings.URI, defaultUri(dataDirectory));
        settings.put(
                ArchiveSettings.IDENTITY_FILE,
                dataDirectory.resolve("log").resolve("meta.properties").toString());
        settings.put(
                ArchiveSettings.STAGING,
                dataDirectory.resolve("archive-staging").toString());
        settings.put(
                ArchiveSettings.HADOOP_PREFIX + "fs.s3a.buffer.dir",
                dataDirectory.resolve("archive-upload").toString());
        // every archived topic has a table here: it lets go first
        settings.put(ArchiveSettings.ROWS_DELETE, RowsDelete.BY_TABLE.name());
        settings.putAll(plugin);
        settings.forEach((name, value) -> properties.put(RSM_PREFIX + name, value));
        return properties;
    }
}
