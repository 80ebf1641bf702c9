package io.weir.tiered.table;

import java.util.Collections;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// How far a table has come: by partition the next offset that is not in it. As text `0:1500,1:900`.
///
/// @param next by partition, in order
public record OffsetVector(SortedMap<Integer, Long> next) {
    static final OffsetVector EMPTY = new OffsetVector(new TreeMap<>());

    public OffsetVector {
        next = Collections.unmodifiableSortedMap(new TreeMap<>(next));
    }

    /// @throws IllegalArgumentException the text is none
    static OffsetVector parse(String text) {
        SortedMap<Integer, Long> next = new TreeMap<>();
        if (!text.isBlank()) {
            for (String entry : text.split(",", -1)) {
                int colon = entry.indexOf(':');
                try {
                    next.put(
                            Integer.valueOf(entry.substring(0, Math.max(0, colon))),
                            Long.valueOf(entry.substring(colon + 1)));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException(
                            "Property '" + LakeProperties.OFFSETS + "': must be <partition>:<offset>,..., got '" + text
                                    + "'.",
                            e);
                }
            }
        }
        return new OffsetVector(next);
    }

    OptionalLong of(int partition) {
        Long known = next.get(partition);
        return known == null ? OptionalLong.empty() : OptionalLong.of(known);
    }

    OffsetVector with(Map<Integer, Long> changes) {
        SortedMap<Integer, Long> changed = new TreeMap<>(next);
        changed.putAll(changes);
        return new OffsetVector(changed);
    }

    String text() {
        return next.entrySet().stream()
                .map(entry -> entry.getKey() + ":" + entry.getValue())
                .collect(Collectors.joining(","));
    }
}
