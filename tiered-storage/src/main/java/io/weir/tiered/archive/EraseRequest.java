package io.weir.tiered.archive;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One request to take records away, and how far it is; its last state is the receipt. It holds nothing of
/// what the
/// records held, and of the condition a checksum only, as conditions name people.
///
/// @param condition `where` or `key`
/// @param conditionSha256 of its text, in hex
/// @param changed when it came to its state
/// @param offsets that the condition was true for
/// @param records taken out of the archive
/// @param segments they were in
/// @param files that took the place of others in the table
/// @param unreadableBatches among the offsets, which nobody can look into
/// @param problem of the last try; empty when it went on
public record EraseRequest(
        UUID id,
        String topic,
        UUID topicId,
        String condition,
        String conditionSha256,
        State state,
        Instant asked,
        Instant changed,
        long offsets,
        long records,
        long segments,
        long files,
        long unreadableBatches,
        Optional<String> problem) {
    /// The way of a request. Each state but the first two survives a restart.
    public enum State {
        /// The topic is archived to its end, so that no local copy keeps a record.
        TIERING,
        /// The condition is asked.
        FINDING,
        /// Offsets are known; segments and table are rewritten.
        REWRITING,
        /// Rewritten; readers may have a sidecar of before for some more seconds.
        HIDING,
        /// No reader of the log or the table gets the records any more; older snapshots have them.
        HIDDEN,
        /// No object holds them.
        PURGED,
        /// It ended before anything was changed.
        FAILED
    }

    public EraseRequest at(State next, Instant now) {
        return new EraseRequest(
                id,
                topic,
                topicId,
                condition,
                conditionSha256,
                next,
                asked,
                now,
                offsets,
                records,
                segments,
                files,
                unreadableBatches,
                Optional.empty());
    }

    public EraseRequest found(long newOffsets, Instant now) {
        return counted(newOffsets, records, segments, files, unreadableBatches).at(State.REWRITING, now);
    }

    public EraseRequest counted(
            long newOffsets, long newRecords, long newSegments, long newFiles, long newUnreadableBatches) {
        return new EraseRequest(
                id,
                topic,
                topicId,
                condition,
                conditionSha256,
                state,
                asked,
                changed,
                newOffsets,
                newRecords,
                newSegments,
                newFiles,
                newUnreadableBatches,
                problem);
    }

    public EraseRequest troubled(String newProblem) {
        return new EraseRequest(
                id,
                topic,
                topicId,
                condition,
                conditionSha256,
                state,
                asked,
                changed,
                offsets,
                records,
                segments,
                files,
                unreadableBatches,
                Optional.of(newProblem));
    }

    /// Where requests are remembered once their offsets are known.
    public interface Memory {
        /// By id, not older than this call.
        Map<UUID, EraseRequest> all();

        /// Replaces what is remembered of a request.
        void put(EraseRequest request);
    }
}
