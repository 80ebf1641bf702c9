package io.weir.log.read;

/// What happens in a tail, in order.
public sealed interface TailEvent {
    /// Where to go on after this event: what a client sends to resume exactly here, on any node.
    OffsetVector next();

    /// A record that passed the filter.
    record Arrived(ReadRecord record, OffsetVector next) implements TailEvent {}

    /// The offsets `from <= offset < to` were deleted before they could be read.
    record Skipped(int partition, long from, long to, OffsetVector next) implements TailEvent {}

    /// Only records that did not pass, markers or compacted offsets went by.
    record Moved(OffsetVector next) implements TailEvent {}
}
