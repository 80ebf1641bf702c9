package io.weir.log.admin;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The cluster's groups and how far they are. Safe for use by any thread; blocks for a few round trips.
public final class Groups {
    private final Admin admin;
    private final AdminCalls calls;
    private final Topics topics;

    Groups(Admin admin, AdminCalls calls, Topics topics) {
        this.admin = admin;
        this.calls = calls;
        this.topics = topics;
    }

    /// By id.
    public List<Group> all() {
        return calls.await(admin.listGroups().all(), "Groups").stream()
                .map(Groups::group)
                .sorted(Comparator.comparing(Group::id))
                .toList();
    }

    /// @throws WeirException `group-not-found`, naming the nearest group
    public Group.Details get(String id) {
        List<Group> all = all();
        Group group = all.stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> WeirException.notFound(
                        "group-not-found",
                        "Group '" + id + "': no such group."
                                + NearestName.hint(all.stream().map(Group::id).toList(), id)));
        String subject = "Group '" + id + "'";
        return switch (group.type()) {
            case "classic" ->
                classic(
                        group,
                        calls.await(
                                admin.describeClassicGroups(List.of(id))
                                        .describedGroups()
                                        .get(id),
                                subject));
            case "consumer" ->
                consumer(
                        group,
                        calls.await(
                                admin.describeConsumerGroups(List.of(id))
                                        .describedGroups()
                                        .get(id),
                                subject));
            default -> new Group.Details(group, "", Optional.empty(), List.of());
        };
    }

    /// Committed positions by topic and partition; a topic that is gone is left out.
    public List<Group.Position> positions(Group.Details details) {
        if (!details.group().hasOffsets()) {
            return List.of();
        }
        String id = details.group().id();
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(calls.await(
                admin.listConsumerGroupOffsets(id).partitionsToOffsetAndMetadata(id), "Group '" + id + "'"));
        committed.values().removeIf(Objects::isNull);
        List<String> existing =
                topics.names().stream().map(name -> name.value()).toList();
        List<TopicPartition> known = committed.keySet().stream()
                .filter(partition -> existing.contains(partition.topic()))
                .toList();
        Map<TopicPartition, Long> ends = topics.offsets(known, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Group.Member> readers = new HashMap<>();
        details.members().forEach(member -> member.assigned().forEach(partition -> readers.put(partition, member)));
        List<Group.Position> positions = new ArrayList<>();
        ends.forEach((partition, end) -> {
            OffsetAndMetadata offset = committed.get(partition);
            if (offset != null) {
                positions.add(new Group.Position(
                        partition, offset.offset(), end, Optional.ofNullable(readers.get(partition))));
            }
        });
        positions.sort(Comparator.comparing(
                        (Group.Position position) -> position.partition().topic())
                .thenComparingInt(position -> position.partition().partition()));
        return positions;
    }

    private static Group group(GroupListing listing) {
        return new Group(
                listing.groupId(),
                listing.type().orElse(GroupType.UNKNOWN).toString().toLowerCase(Locale.ROOT),
                listing.protocol(),
                listing.groupState().map(Object::toString).orElse("Unknown"));
    }

    private static Group.Details classic(Group group, ClassicGroupDescription description) {
        return new Group.Details(
                group,
                description.protocolData(),
                coordinator(description.coordinator()),
                members(description.members()));
    }

    private static Group.Details consumer(Group group, ConsumerGroupDescription description) {
        return new Group.Details(
                group,
                description.partitionAssignor(),
                coordinator(description.coordinator()),
                members(description.members()));
    }

    private static Optional<Integer> coordinator(@Nullable Node node) {
        return node == null || node.isEmpty() ? Optional.empty() : Optional.of(node.id());
    }

    private static List<Group.Member> members(Collection<MemberDescription> members) {
        return members.stream()
                .map(member -> new Group.Member(
                        member.consumerId(),
                        member.groupInstanceId(),
                        member.clientId(),
                        member.host(),
                        List.copyOf(member.assignment().topicPartitions())))
                .sorted(Comparator.comparing(Group.Member::id))
                .toList();
    }
}
