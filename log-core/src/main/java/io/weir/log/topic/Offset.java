package io.weir.log.topic;

/// A record's position in one partition: 0 for the first record ever written, then growing, with gaps allowed.
///
/// @param value never negative; Kafka's -1 ("unknown") is not an offset
public record Offset(long value) implements Comparable<Offset> {
    public Offset {
        if (value < 0) {
            throw new IllegalArgumentException("Offset: must not be negative, got " + value + ".");
        }
    }

    @Override
    public int compareTo(Offset other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
