package io.weir.tiered.segment;

/// The sections a sidecar may hold, with their numbers on disk. Numbers from 1000 on are optional: a reader that
/// does not know them passes over; an unknown number below is refused.
public enum SectionType {
    BATCHES(1),
    TIME(2),
    TXN(3),
    EPOCHS(4),
    SNAPSHOT(5),
    VERBATIM(6),
    FILES(7),
    SHAPES(8),
    ORIGIN(9),
    ERASED(10),
    /// Only where the segment is stored as it is: its length and checksums.
    CLASSIC(11),
    /// Only there, too: the broker's offset index, whose positions are the stored segment's.
    OFFSETS(12);

    static final int FIRST_OPTIONAL = 1000;

    private final int number;

    SectionType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
