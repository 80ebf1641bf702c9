package io.weir.streams.job.life;

import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Outputs;
import io.weir.streams.job.registry.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What goes and what stays when a job, or one version of it, is deleted.
///
/// The group, the internal topics (`<job>.v<n>-...-changelog`, `-repartition` and those of foreign-key
/// joins),
/// local state and the jar go, the jar only when no other job uses it. Outputs and the topics of late rows
/// stay:
/// others read them. The dead letter topic stays while it holds records, because they exist nowhere else in
/// this
/// form. Outputs of a version's own (`<output>.v<n>`) go with it, unless they are what readers were pointed
/// to.
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
        List<String> gone = new ArrayList<>(topics(job.versions(), job.liveVersion(), present));
        List<String> kept = new ArrayList<>(job.versions().stream()
                .flatMap(version -> version.plan().sinks().stream())
                .flatMap(sink -> Stream.of(sink, job.liveVersion().outputs().topicOf(sink)))
                .filter(present::contains)
                .distinct()
                .sorted()
                .toList());
        String deadLetters = job.name().deadLetterTopic();
        if (present.contains(deadLetters)) {
            (cluster.records(deadLetters) == 0 ? gone : kept).add(deadLetters);
        }
        List<String> ids = new ArrayList<>(ids(job.versions()));
        for (Snapshot snapshot : job.snapshots()) {
            ids.add(snapshot.applicationId());
            snapshot.outputs().values().stream().filter(present::contains).forEach(kept::add);
            present.stream()
                    .filter(topic ->
                            isInternal(snapshot.applicationId(), topic) || topic.equals(snapshot.ownDeadLetterTopic()))
                    .forEach(gone::add);
        }
        return new Removal(groups(ids), gone, kept, ids, unused(job.versions(), artifactsOfOthers));
    }

    /// Of one version that is not live.
    ///
    /// @param artifactsOfOthers SHA-256 of jars that other jobs use
    static Removal of(Job job, JobVersion version, JobCluster cluster, Set<String> artifactsOfOthers) {
        Set<String> inUse = new HashSet<>(artifactsOfOthers);
        job.versions().stream()
                .filter(other -> other.number() != version.number())
                .forEach(other -> inUse.add(other.artifact()));
        List<JobVersion> alone = List.of(version);
        List<String> ids = ids(alone);
        Set<String> present = cluster.topics();
        List<String> kept =
                version.plan().sinks().stream().filter(present::contains).toList();
        return new Removal(groups(ids), topics(alone, job.liveVersion(), present), kept, ids, unused(alone, inUse));
    }

    private static List<String> ids(List<JobVersion> versions) {
        return versions.stream().map(JobVersion::applicationId).distinct().toList();
    }

    /// Each version's own, and the one that decided which node replays it.
    private static List<String> groups(List<String> ids) {
        return ids.stream().flatMap(id -> Stream.of(id, id + MyTurn.SUFFIX)).toList();
    }

    private static List<String> unused(List<JobVersion> versions, Set<String> inUse) {
        return versions.stream()
                .map(JobVersion::artifact)
                .filter(artifact -> !inUse.contains(artifact))
                .distinct()
                .toList();
    }

    /// Internal topics and outputs of the versions' own that are there.
    private static List<String> topics(List<JobVersion> versions, JobVersion live, Set<String> present) {
        Set<String> pointedTo = Set.copyOf(live.outputs().physical().values());
        Set<String> own = versions.stream()
                .flatMap(version ->
                        Outputs.beside(version.plan().sinks(), version.number()).physical().values().stream())
                .filter(topic -> !pointedTo.contains(topic))
                .collect(Collectors.toUnmodifiableSet());
        List<String> ids = ids(versions);
        return present.stream()
                .filter(topic -> own.contains(topic) || ids.stream().anyMatch(id -> isInternal(id, topic)))
                .sorted()
                .toList();
    }

    static boolean isInternal(String applicationId, String topic) {
        String prefix = applicationId + "-";
        return topic.startsWith(prefix)
                && INTERNAL.matcher(topic.substring(prefix.length())).matches();
    }
}
