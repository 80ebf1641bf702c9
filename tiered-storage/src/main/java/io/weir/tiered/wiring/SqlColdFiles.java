package io.weir.tiered.wiring;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import io.weir.tiered.archive.ArchiveUnavailableException;
import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.NoSuchTopicException;
import io.weir.tiered.archive.RemoteLogFold;
import io.weir.tiered.query.ColdFile;
import io.weir.tiered.query.ColdFiles;
import io.weir.tiered.query.ColdPartition;
import io.weir.tiered.query.ColdSnapshot;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.DataFile;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.Config;

/// Tells SQL which files the archive holds, from the finished segments and their sidecars.
@Singleton
public class SqlColdFiles implements ColdFiles {
    private final Supplier<RemoteLogFold> fold;
    private final Path cache;

    @Inject
    SqlColdFiles(ArchiveHere archive, Config config) {
        this(() -> archive.parts().fold(), new SqlConfig(config).cacheDirectory());
    }

    /// @param fold asked for at each snapshot
    /// @param cache folder of the engine's file cache
    public SqlColdFiles(Supplier<RemoteLogFold> fold, Path cache) {
        this.fold = fold;
        this.cache = cache;
    }

    @Override
    public ColdSnapshot snapshot(TopicName topic) {
        RemoteLogFold archive = fold.get();
        try {
            return snapshot(archive, archive.snapshot(topic.value()));
        } catch (NoSuchTopicException e) {
            return new ColdSnapshot(Map.of());
        } catch (ArchiveUnavailableException e) {
            throw new WeirException("archive-unavailable", Whose.EXTERNAL, "Archive: " + e.getMessage(), e);
        } catch (CorruptSegmentException e) {
            throw new WeirException("archive-corrupt", Whose.INTERNAL, "Archive: " + e.getMessage(), e);
        }
    }

    /// Leaving its records out would be a wrong answer.
    private static WeirException classic(String topic, ArchivedTopic.Segment segment) {
        return new WeirException(
                "archive-classic",
                Whose.USER,
                409,
                "Topic '" + topic + "': offsets " + segment.firstOffset() + " to " + segment.endOffset()
                        + " of partition " + segment.address().partition()
                        + " are archived as they are (lake.mode=classic), SQL reads rows only.",
                null);
    }

    private ColdSnapshot snapshot(RemoteLogFold archive, ArchivedTopic topic) {
        topic.partitions().values().stream()
                .flatMap(partition -> partition.segments().stream())
                .filter(ArchivedTopic.Segment::isClassic)
                .findFirst()
                .ifPresent(segment -> {
                    throw classic(topic.topic(), segment);
                });
        Map<Integer, ColdPartition> partitions = new HashMap<>();
        topic.partitions().forEach((number, partition) -> {
            List<ColdFile> files = new ArrayList<>();
            // segments may share a file: it is listed by each of them, and read once
            Set<String> seen = new HashSet<>();
            for (ArchivedTopic.Segment segment : partition.segments()) {
                for (DataFile file : segment.files()) {
                    if (!seen.add(file.path())) {
                        continue;
                    }
                    files.add(coldFile(archive, file));
                }
            }
            partitions.put(number, new ColdPartition(number, partition.committed(), files));
        });
        return new ColdSnapshot(partitions);
    }

    /// All rows there are of a topic, whether the log still has them or not.
    ///
    /// @param present files of its table and their lengths
    List<ColdFile> all(ArchivedTopic topic, Map<String, Long> present) {
        RemoteLogFold archive = fold.get();
        Map<String, ColdFile> files = new TreeMap<>();
        topic.partitions().values().stream()
                .flatMap(partition -> partition.segments().stream())
                .flatMap(segment -> segment.files().stream())
                .forEach(file -> files.put(file.path(), coldFile(archive, file)));
        present.forEach((path, length) -> files.computeIfAbsent(
                path,
                listed -> coldFile(
                        archive, new DataFile(path, length, 0, "", 0, 0, Long.MAX_VALUE, 0, 0, 0, List.of()))));
        return List.copyOf(files.values());
    }

    /// How a statement reads a file.
    public ColdFile file(DataFile file) {
        return coldFile(fold.get(), file);
    }

    private ColdFile coldFile(RemoteLogFold archive, DataFile file) {
        Optional<Path> local = archive.localFile(file.path());
        String object = archive.object(file.path());
        return new ColdFile(
                local.orElseGet(() -> cache.resolve(cachedName(object, file))),
                local.isPresent() ? Optional.empty() : Optional.of(object),
                file.lengthBytes(),
                file.sha256(),
                file.firstOffset(),
                file.lastOffset(),
                file.rows(),
                times(file));
    }

    private static ColdFile.Times times(DataFile file) {
        long least = Long.MAX_VALUE;
        long greatest = Long.MIN_VALUE;
        for (DataFile.RowGroup group : file.rowGroups()) {
            if (group.leastTimestampMillis() < 0 && group.greatestTimestampMillis() < 0) {
                // -1 says that there are none, or that there is one of -1
                return ColdFile.Times.ANY;
            }
            least = Math.min(least, group.leastTimestampMillis());
            greatest = Math.max(greatest, group.greatestTimestampMillis());
        }
        return least > greatest ? ColdFile.Times.ANY : new ColdFile.Times(least, greatest);
    }

    /// Tells the content: data files are never changed.
    private static String cachedName(String object, DataFile file) {
        String content = file.sha256().isEmpty()
                ? "object-" + UUID.nameUUIDFromBytes(object.getBytes(StandardCharsets.UTF_8))
                : file.sha256();
        return content + "-" + file.lengthBytes() + ".parquet";
    }
}
