package io.weir.streams.job.state;

/// Who has a partition of a store.
///
/// @param partition of the store; negative stands for all that the place has
/// @param server `host:port` of its HTTP; empty when it never said
/// @param here whether that is this process
public record Place(int partition, String server, boolean here) {}
