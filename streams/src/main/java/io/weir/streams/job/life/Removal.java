package io.weir.streams.job.life;

import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What goes and what stays when a job is deleted.
///
/// The group, the internal topics (`<job>.v<n>-...-changelog`, `-repartition` and those of foreign-key joins),
/// local state and the jar go, the jar only when no other job uses it. Outputs and the topics of late rows stay:
/// others read them. The dead letter topic stays while it holds records, because they exist nowhere else in this
/// form.
///
/// @param groups deleted
/// @param topics deleted
/// @param keptTopics what the job wrote and leaves behind
/// @param applicationIds whose state folders are deleted on each node
/// @param artifacts jars that nothing else needs
public record Removal(
        List<String> groups,
        List<String> topics,
        List<String> keptTopics,
        List<String> applicationIds,
        List<String> artifacts) {
    private static final Pattern INTERNAL =
            Pattern.compile(".+-(changelog|repartition|subscription-registration-topic|subscription-response-topic)"
                    + "|.*KTABLE-FK-JOIN-SUBSCRIPTION-(REGISTRATION|RESPONSE)-[0-9]+-topic");

    public Removal {
        groups = List.copyOf(groups);
        topics = List.copyOf(topics);
        keptTopics = List.copyOf(keptTopics);
        applicationIds = List.copyOf(applicationIds);
        artifacts = List.copyOf(artifacts);
    }

    /// @param artifactsOfOthers SHA-256 of jars that other jobs use
    static Removal of(Job job, JobCluster cluster, Set<String> artifactsOfOthers) {
        Set<String> present = cluster.topics();
        List<String> ids =
                job.versions().stream().map(JobVersion::applicationId).toList();
        List<String> gone = new ArrayList<>(present.stream()
                .filter(topic -> ids.stream().anyMatch(id -> isInternal(id, topic)))
                .sorted()
                .toList());
        List<String> kept = new ArrayList<>(job.versions().stream()
                .flatMap(version -> version.plan().sinks().stream())
                .filter(present::contains)
                .distinct()
                .sorted()
                .toList());
        String deadLetters = job.name().deadLetterTopic();
        if (present.contains(deadLetters)) {
            (cluster.records(deadLetters) == 0 ? gone : kept).add(deadLetters);
        }
        List<String> artifacts = job.versions().stream()
                .map(JobVersion::artifact)
                .filter(artifact -> !artifactsOfOthers.contains(artifact))
                .distinct()
                .toList();
        return new Removal(ids, gone, kept, ids, artifacts);
    }

    static boolean isInternal(String applicationId, String topic) {
        String prefix = applicationId + "-";
        return topic.startsWith(prefix)
                && INTERNAL.matcher(topic.substring(prefix.length())).matches();
    }
}
