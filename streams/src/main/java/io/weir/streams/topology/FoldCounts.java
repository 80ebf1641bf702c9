package io.weir.streams.topology;

import java.util.Arrays;
import java.util.List;

/// What a fold of columns says of all records it has seen: numbers joined by `|`, the offsets by commas.
///
/// @param records all of them
/// @param passed how many had a value; then, for each step, how many it let pass
/// @param late how many came too late among these records alone
/// @param gateMillis the greatest event time of those that reached the window; -1 if none did
/// @param safe whether no sum can leave the range of a long on its way
/// @param bad the first offsets of records that the topology itself has to see
record FoldCounts(long records, List<Long> passed, long late, long gateMillis, boolean safe, List<Long> bad) {
    static FoldCounts parse(String text) {
        String[] parts = text.split("\\|", -1);
        int steps = parts.length - 5;
        List<Long> passed =
                Arrays.stream(parts, 1, 1 + steps).map(Long::valueOf).toList();
        String bad = parts[parts.length - 1];
        return new FoldCounts(
                Long.parseLong(parts[0]),
                passed,
                Long.parseLong(parts[steps + 1]),
                Long.parseLong(parts[steps + 2]),
                Boolean.parseBoolean(parts[steps + 3]),
                bad.isEmpty()
                        ? List.of()
                        : Arrays.stream(bad.split(",", -1)).map(Long::valueOf).toList());
    }
}
