package io.weir.tiered.archive;

/// Something that is not as it must be.
///
/// @param object full address of the object concerned
/// @param firstOffset least offset concerned
/// @param lastOffset greatest offset concerned
/// @param problem the rule and what was found
public record Finding(String object, String topic, int partition, long firstOffset, long lastOffset, String problem) {}
