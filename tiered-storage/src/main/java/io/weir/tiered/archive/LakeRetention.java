package io.weir.tiered.archive;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/// How long a topic's rows stay in its table: `lake.retention`.
public sealed interface LakeRetention {
    /// Rows go when the log has dropped them.
    LakeRetention FOLLOW = new Follow();

    /// Rows stay for ever, whatever the log drops.
    LakeRetention KEEP = new Keep();

    /// See [#FOLLOW].
    record Follow() implements LakeRetention {
        @Override
        public String toString() {
            return "follow";
        }
    }

    /// See [#KEEP].
    record Keep() implements LakeRetention {
        @Override
        public String toString() {
            return "keep";
        }
    }

    /// Rows that the log has dropped go when the newest `_timestamp` of their file is older than this.
    record Own(Duration age) implements LakeRetention {
        @Override
        public String toString() {
            return age.toString();
        }
    }

    /// `follow`, `keep`, or a duration: `90d` as in the node's settings, or `P90D`.
    ///
    /// @throws LakeTopic.InvalidSettingException it is none of these
    static LakeRetention parse(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "follow" -> FOLLOW;
            case "keep" -> KEEP;
            default -> own(value);
        };
    }

    private static LakeRetention own(String value) {
        try {
            Duration age = LakeTopic.duration(value);
            if (age.isPositive()) {
                return new Own(age);
            }
        } catch (DateTimeParseException e) {
            // said below
        }
        throw new LakeTopic.InvalidSettingException("Setting '" + LakeTopic.RETENTION
                + "': must be follow, keep or a positive duration such as 90d, got '" + value + "'.");
    }
}
