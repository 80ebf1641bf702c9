package io.weir.log.read;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The next offset to be read in each of some partitions, written `0=1201,1=77`: the whole state of a reader.
///
/// @param next by partition, in order; partitions and offsets are not negative
public record OffsetVector(Map<Integer, Long> next) {
    public OffsetVector {
        next = Collections.unmodifiableMap(new TreeMap<>(next));
    }

    /// @param subject what the text is, for the message: `Parameter 'offset'`
    /// @throws WeirException `read-offset-invalid`
    public static OffsetVector parse(String text, String subject) {
        Map<Integer, Long> next = new TreeMap<>();
        try {
            for (String item : text.split(",", -1)) {
                int equals = item.indexOf('=');
                int partition =
                        Integer.parseInt(item.substring(0, Math.max(0, equals)).strip());
                long offset = Long.parseLong(item.substring(equals + 1).strip());
                if (partition < 0 || offset < 0 || next.put(partition, offset) != null) {
                    throw invalid(text, subject);
                }
            }
        } catch (NumberFormatException e) {
            throw invalid(text, subject);
        }
        return new OffsetVector(next);
    }

    @Override
    public String toString() {
        return next.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static WeirException invalid(String text, String subject) {
        return new WeirException(
                "read-offset-invalid",
                Whose.USER,
                subject + ": a vector names each partition once with its next offset, like '0=1201,1=77', got '" + text
                        + "'.");
    }
}
