package io.weir.tiered.segment;

import java.util.UUID;

/// Which cold segment: the identity that every object of an attempt carries.
///
/// @param topicId Kafka's topic id as a UUID of the same 128 bits
/// @param partition 0 or more
/// @param segment id of the copy attempt, unique for ever
/// @param baseOffset first offset of the segment
public record SegmentAddress(UUID topicId, int partition, UUID segment, long baseOffset) {
    public SegmentAddress {
        if (partition < 0 || baseOffset < 0) {
            throw new IllegalArgumentException("Segment '" + segment
                    + "': partition and base offset must not be negative, got " + partition + " and " + baseOffset
                    + ".");
        }
    }

    /// How messages name the segment: `segment '<uuid>' (topic id <uuid>, partition 0, base offset 1234)`.
    public String describe() {
        return "segment '" + segment + "' (topic id " + topicId + ", partition " + partition + ", base offset "
                + baseOffset + ")";
    }
}
