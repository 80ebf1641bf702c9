package io.weir.log.admin;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/// A consumer group.
///
/// @param type `classic`, `consumer`, `share` or `streams`
/// @param protocol what its members speak: `consumer`, `connect` ...; empty for a group that only keeps offsets
/// @param state in Kafka's words: `Stable`, `Empty`, `PreparingRebalance` ...
public record Group(String id, String type, String protocol, String state) {
    /// Whether it has members that share partitions, and offsets to lag behind with.
    public boolean hasOffsets() {
        return !type.equals("share");
    }

    /// A group with those who are in it.
    ///
    /// @param assignor how partitions are shared out; empty without members
    /// @param coordinator broker id; empty while none is known
    public record Details(Group group, String assignor, Optional<Integer> coordinator, List<Member> members) {
        public Details {
            members = List.copyOf(members);
        }
    }

    /// @param id drawn anew with each join
    /// @param instance the name a static member gave itself
    public record Member(
            String id, Optional<String> instance, String clientId, String host, List<TopicPartition> assigned) {
        public Member {
            assigned = List.copyOf(assigned);
        }
    }

    /// A group's position in one partition.
    ///
    /// @param committed the next offset the group wants
    /// @param end the partition's end, where committed and open transactions are counted alike
    /// @param member who reads it right now
    public record Position(TopicPartition partition, long committed, long end, Optional<Member> member) {
        /// Offsets still to be read, never negative.
        public long lag() {
            return Math.max(0, end - committed);
        }
    }
}
