package io.weir.streams.job.life;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.dsl.Plan;
import io.weir.streams.job.life.JobCluster.TopicFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a plan needs of the log before anything is stored: its sources exist, and its outputs, where they
/// exist
/// already, keep old records.
final class PlanCheck {
    private final JobCluster cluster;

    PlanCheck(JobCluster cluster) {
        this.cluster = cluster;
    }

    /// @throws WeirException `source-topic-missing` (422) naming the nearest topic, `retention-would-delete`
    ///     (409)
    void check(String job, Plan plan) {
        Set<String> topics = cluster.topics();
        for (String source : plan.sources()) {
            if (!topics.contains(source)) {
                throw new WeirException(
                        "source-topic-missing",
                        Whose.USER,
                        422,
                        "Job '" + job + "': its source topic '" + source + "' does not exist." + hint(topics, source),
                        null);
            }
        }
        checkOutputs(job, List.copyOf(plan.sinks()));
    }

    private void checkOutputs(String job, List<String> outputs) {
        Map<String, TopicFacts> present = cluster.describe(outputs);
        present.forEach((topic, facts) -> {
            if (facts.deletesByAge()) {
                throw WeirException.conflict(
                        "retention-would-delete",
                        "Topic '" + topic + "': is an output of job '" + job
                                + "' and must keep records of any age, got retention.ms=" + facts.retentionMillis()
                                + ". Set retention.ms=-1, or let the job create the topic.");
            }
        });
    }

    private static String hint(Set<String> topics, String source) {
        List<String> visible =
                topics.stream().filter(topic -> !topic.startsWith("__")).toList();
        String hint = NearestName.hint(visible, source);
        return hint.isEmpty() ? " Create it first." : hint;
    }
}
