package io.weir.tiered.query;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.TopicCut.PartitionCut;
import io.weir.tiered.query.gate.RowBounds;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which rows of a topic count, and where each of them is read: below `committed` from the archive's files only,
/// from there on from the log only, so that every visible record counts exactly once. Pure.
///
/// @param cut what the answer is about
/// @param committed per partition: first offset that is not in the archive
/// @param bounds of the rows that the statement asks for: files without such rows are left out
record CutPlan(TopicName topic, TopicCut cut, Map<Integer, Long> committed, ColdSnapshot snapshot, RowBounds bounds) {

    /// Rows `from <= _offset < to` of one partition in one file.
    ///
    /// @param whole all rows of the file count
    record FileRange(ColdFile file, int partition, long from, long to, boolean whole) {}

    /// @param snapshot taken **before** the ranges were asked for: then `committed <= end` holds
    /// @param ranges log start and last stable offset per partition
    /// @throws WeirException `offset-gone`, `asof-above-stable`, `asof-invalid`
    static CutPlan of(TopicName topic, ColdSnapshot snapshot, Map<Integer, OffsetRange> ranges, AsOf asOf) {
        AsOf.Vector given = asOf.topics().get(topic);
        Map<Integer, PartitionCut> partitions = new TreeMap<>();
        Map<Integer, Long> committed = new TreeMap<>();
        ranges.forEach((partition, range) -> {
            ColdPartition cold = snapshot.partitions().get(partition);
            long archived = cold == null ? range.from() : Math.max(cold.committed(), range.from());
            committed.put(partition, archived);
            if (given == null) {
                long meeting = Math.min(archived, range.to());
                partitions.put(partition, new PartitionCut(range.from(), range.to(), meeting));
            } else if (given.to().containsKey(partition)) {
                partitions.put(partition, asGiven(topic, partition, range, archived, given));
            }
        });
        if (given != null) {
            for (Integer partition : given.to().keySet()) {
                if (!ranges.containsKey(partition)) {
                    throw new WeirException(
                            "asof-invalid",
                            Whose.USER,
                            "asOf: topic '" + topic + "' has no partition " + partition + ".");
                }
            }
        }
        return new CutPlan(topic, TopicCut.of(partitions), committed, snapshot, RowBounds.NONE);
    }

    /// The same for a statement that asks for fewer rows.
    CutPlan within(RowBounds wanted) {
        return new CutPlan(topic, cut, committed, snapshot, wanted);
    }

    private boolean mayCount(ColdFile file, int partition) {
        long least = millisToMicros(file.times().least());
        long greatest = millisToMicros(file.times().greatest());
        return bounds.partitions().meets(partition, partition)
                && bounds.offsets().meets(file.firstOffset(), file.lastOffset())
                && bounds.micros().meets(least, greatest);
    }

    private static long millisToMicros(long millis) {
        return Math.clamp(millis, Long.MIN_VALUE / 1000, Long.MAX_VALUE / 1000) * 1000;
    }

    private static PartitionCut asGiven(
            TopicName topic, int partition, OffsetRange range, long archived, AsOf.Vector given) {
        long to = given.to().getOrDefault(partition, range.to());
        long from = given.from().getOrDefault(partition, Math.min(range.from(), to));
        String where = "asOf: topic '" + topic + "', partition " + partition + ": ";
        if (from < 0 || to < from) {
            throw new WeirException(
                    "asof-invalid", Whose.USER, where + "0 <= from <= to must hold, got " + from + " and " + to + ".");
        }
        if (to > range.to()) {
            throw WeirException.conflict(
                    "asof-above-stable",
                    where + "offset " + to + " is above the last stable offset " + range.to() + ".");
        }
        if (from < range.from() && from < to) {
            throw offsetGone(topic, partition, from, range.from());
        }
        long meeting = given.cold().getOrDefault(partition, archived);
        return new PartitionCut(from, to, Math.clamp(meeting, from, to));
    }

    static WeirException offsetGone(TopicName topic, int partition, long wanted, long logStart) {
        return WeirException.conflict(
                "offset-gone",
                "Topic '" + topic + "', partition " + partition + ": offset " + wanted
                        + " is gone, retention has moved the start of the log to " + logStart + ".");
    }

    /// The offsets that a relation covers in a partition, wherever they are read.
    OffsetRange range(Half half, int partition) {
        PartitionCut part = cut.partitions().get(partition);
        if (part == null) {
            return new OffsetRange(0, 0);
        }
        return switch (half) {
            case ALL -> new OffsetRange(part.from(), part.to());
            case COLD -> new OffsetRange(part.from(), part.cold());
            case HOT -> new OffsetRange(part.cold(), part.to());
        };
    }

    /// What has to be read from the log for a relation; partitions with nothing to read are left out.
    Map<Integer, OffsetRange> hotRanges(Half half) {
        Map<Integer, OffsetRange> hot = new TreeMap<>();
        for (Integer partition : cut.partitions().keySet()) {
            OffsetRange range = range(half, partition);
            long from = Math.max(range.from(), committed.getOrDefault(partition, 0L));
            if (from < range.to()) {
                hot.put(partition, new OffsetRange(from, range.to()));
            }
        }
        return hot;
    }

    /// The archive's files with rows of the relation, each row in one of them only: where files overlap, the one
    /// that starts first has it.
    List<FileRange> coldFiles(Half half) {
        List<FileRange> files = new ArrayList<>();
        for (Integer partition : cut.partitions().keySet()) {
            ColdPartition cold = snapshot.partitions().get(partition);
            if (cold == null) {
                continue;
            }
            OffsetRange range = range(half, partition);
            long end = Math.min(range.to(), committed.getOrDefault(partition, 0L));
            long next = range.from();
            List<ColdFile> inOrder = cold.files().stream()
                    .sorted(Comparator.comparingLong(ColdFile::firstOffset)
                            .thenComparing(Comparator.comparingLong(ColdFile::lastOffset)
                                    .reversed()))
                    .toList();
            for (ColdFile file : inOrder) {
                if (file.rows() == 0 || file.lastOffset() < next || file.firstOffset() >= end) {
                    continue;
                }
                boolean whole = file.firstOffset() >= next && file.lastOffset() < end;
                if (mayCount(file, partition)) {
                    files.add(new FileRange(file, partition, next, end, whole));
                }
                next = file.lastOffset() + 1;
            }
        }
        return files;
    }
}
