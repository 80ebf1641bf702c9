package io.weir.connect.library.file;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.TopicPartition;

/// The name of a finished file: `orders-3-00000000000000001000-00000000000000001999.csv` holds what offsets
/// 1000 to 1999 of partition 3 of topic `orders` hold, and so proves that they were written.
///
/// @param first offset of its first record
/// @param last offset of its last record; `first <= last`
record RangeName(TopicPartition partition, long first, long last, SinkFormat format) {
    private static final Pattern OFFSETS = Pattern.compile("(\\d{20})-(\\d{20})");

    /// The range that `name` proves for `partition` in `format`, if it is such a name.
    static Optional<RangeName> parse(String name, TopicPartition partition, SinkFormat format) {
        String prefix = prefix(partition);
        String suffix = "." + format.setting();
        if (!name.startsWith(prefix) || !name.endsWith(suffix) || name.length() < prefix.length() + suffix.length()) {
            return Optional.empty();
        }
        Matcher offsets = OFFSETS.matcher(name.substring(prefix.length(), name.length() - suffix.length()));
        if (!offsets.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new RangeName(partition, Long.parseLong(offsets.group(1)), Long.parseLong(offsets.group(2)), format));
    }

    /// The name that an unfinished file of `partition` has; a dot in front hides it from `*.csv`.
    static String unfinished(TopicPartition partition, SinkFormat format) {
        return "." + partition.topic() + "-" + partition.partition() + "." + format.setting() + ".unfinished";
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s%020d-%020d.%s", prefix(partition), first, last, format.setting());
    }

    private static String prefix(TopicPartition partition) {
        return partition.topic() + "-" + partition.partition() + "-";
    }
}
