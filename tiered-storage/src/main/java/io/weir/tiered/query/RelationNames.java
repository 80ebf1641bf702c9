package io.weir.tiered.query;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.topic.TopicName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Finds the topics that the table names of a statement mean. Pure.
final class RelationNames {
    private static final Set<String> FOR_PEOPLE = Set.of("__weir_jobs_history");
    private static final String HOT = "$hot";
    private static final String COLD = "$cold";

    private RelationNames() {}

    /// @param written names as in the statement; spellings that differ in case only come back as one
    /// @param topics all topics of the log
    /// @throws WeirException `topic-unknown`, with the nearest name; `topic-ambiguous`
    static List<RelationName> resolve(Set<String> written, Set<String> topics) {
        Map<String, RelationName> byFolded = new TreeMap<>();
        for (String name : written) {
            RelationName relation = resolveOne(name, topics);
            RelationName other = byFolded.putIfAbsent(name.toLowerCase(Locale.ROOT), relation);
            if (other != null && !other.topic().equals(relation.topic())) {
                throw WeirException.conflict(
                        "topic-ambiguous",
                        "Topics '" + other.topic() + "' and '" + relation.topic()
                                + "': SQL does not tell names apart that differ in case only; use one per statement.");
            }
        }
        return List.copyOf(byFolded.values());
    }

    /// Topics that are Weir's or Kafka's own are not, but for those that are written for people.
    private static boolean isOffered(String topic) {
        return !topic.startsWith("__") || FOR_PEOPLE.contains(topic);
    }

    private static RelationName resolveOne(String written, Set<String> topics) {
        if (topics.contains(written) && isOffered(written)) {
            return new RelationName(written, TopicName.of(written), Half.ALL);
        }
        Half half = Half.ALL;
        String base = written;
        String folded = written.toLowerCase(Locale.ROOT);
        if (folded.endsWith(HOT)) {
            half = Half.HOT;
            base = written.substring(0, written.length() - HOT.length());
        } else if (folded.endsWith(COLD)) {
            half = Half.COLD;
            base = written.substring(0, written.length() - COLD.length());
        }
        return new RelationName(written, topic(base, written, topics), half);
    }

    private static TopicName topic(String base, String written, Set<String> topics) {
        if (!isOffered(base)) {
            throw WeirException.notFound(
                    "topic-unknown", "Topic '" + base + "': internal topics are not offered in SQL.");
        }
        if (topics.contains(base)) {
            return TopicName.of(base);
        }
        List<String> folded = topics.stream()
                .filter(topic -> topic.equalsIgnoreCase(base))
                .filter(RelationNames::isOffered)
                .toList();
        if (folded.size() == 1) {
            return TopicName.of(folded.getFirst());
        }
        List<String> offered = topics.stream().filter(RelationNames::isOffered).toList();
        throw WeirException.notFound(
                "topic-unknown", "Topic '" + written + "': does not exist." + NearestName.hint(offered, base));
    }
}
