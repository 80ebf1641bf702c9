package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What a new version's plan changes of another's, stage by stage, and whether it can go on with the other's
/// state.
///
/// It can when every stage of the old plan is there unchanged and nothing was added but sinks. Stages are
/// known by
/// their names: a renamed one is a removed and an added one. Their order does not matter.
///
/// @param from number of the version compared with
/// @param reasons one per changed stage, in the order of the new plan
/// @param kept stages with state of their own that mean the same in both
public record PlanDiff(int from, List<Reason> reasons, List<String> kept) {
    private static final Set<String> STATELESS =
            Set.of("filter", "map", "flatMap", "select", "sink", "branch", "branchArm", "merge");

    /// @param rule what happened to the stage
    /// @param was as it was in the old plan, empty when it was not there
    /// @param is as it is in the new one, empty when it is gone
    /// @param state `lost`, `none` or `kept`
    public record Reason(String stage, String rule, String was, String is, String state) {}

    public PlanDiff {
        reasons = List.copyOf(reasons);
        kept = List.copyOf(kept);
    }

    /// Whether the new version can take over the other's state.
    public boolean keep() {
        return reasons.stream().allMatch(reason -> reason.state().equals("kept"));
    }

    static PlanDiff between(int from, JsonNode old, JsonNode now) {
        Map<String, JsonNode> before = stages(old);
        Map<String, JsonNode> after = stages(now);
        Set<String> changed = changed(before, after);
        List<Reason> reasons = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        after.forEach((name, stage) -> {
            JsonNode was = before.get(name);
            if (was == null) {
                boolean harmless = kind(stage).equals("sink");
                reasons.add(new Reason(
                        name, kind(stage) + " added", "", shown(stage), harmless ? "kept" : stateless(stage)));
            } else if (!was.equals(stage)) {
                reasons.add(new Reason(
                        name, rule(was, stage), differing(was, stage), differing(stage, was), stateless(stage)));
            } else if (!changed.contains(name) && !STATELESS.contains(kind(stage))) {
                kept.add(name);
            }
        });
        before.forEach((name, stage) -> {
            if (!after.containsKey(name)) {
                reasons.add(new Reason(name, kind(stage) + " removed", shown(stage), "", stateless(stage)));
            }
        });
        return new PlanDiff(from, reasons, kept);
    }

    /// Stages that changed, and all that stand behind one.
    private static Set<String> changed(Map<String, JsonNode> before, Map<String, JsonNode> after) {
        Set<String> changed = new HashSet<>();
        after.forEach((name, stage) -> {
            boolean behind = false;
            for (JsonNode input : stage.path("inputs")) {
                behind |= changed.contains(input.asText());
            }
            if (behind || !stage.equals(before.get(name))) {
                changed.add(name);
            }
        });
        return changed;
    }

    private static String rule(JsonNode was, JsonNode is) {
        Set<String> members = new TreeSet<>();
        was.fieldNames().forEachRemaining(members::add);
        is.fieldNames().forEachRemaining(members::add);
        members.removeIf(member -> was.path(member).equals(is.path(member)));
        return String.join(", ", members) + " changed";
    }

    /// The members of one stage that differ from the other's.
    private static String differing(JsonNode of, JsonNode from) {
        List<String> members = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : of.properties()) {
            if (!member.getValue().equals(from.path(member.getKey()))) {
                members.add(member.getKey() + "=" + member.getValue());
            }
        }
        return String.join(" ", members);
    }

    private static String stateless(JsonNode stage) {
        return STATELESS.contains(kind(stage)) ? "none" : "lost";
    }

    private static String shown(JsonNode stage) {
        return stage.toString();
    }

    private static String kind(JsonNode stage) {
        return stage.path("kind").asText();
    }

    private static Map<String, JsonNode> stages(JsonNode plan) {
        Map<String, JsonNode> stages = new LinkedHashMap<>();
        plan.path("stages").forEach(stage -> stages.put(stage.path("name").asText(), stage));
        return stages;
    }
}
