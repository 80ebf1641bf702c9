package io.weir.streams.job.life;

import io.weir.streams.job.registry.JobState.Position;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// A log in memory, as far as the life of a job needs one.
class FakeCluster implements JobCluster {
    final Map<String, TopicFacts> topics = new ConcurrentHashMap<>();
    final Map<String, Long> records = new ConcurrentHashMap<>();
    final Map<String, Map<String, Position>> groups = new ConcurrentHashMap<>();
    final Set<String> busyGroups = ConcurrentHashMap.newKeySet();
    volatile boolean refusing;

    FakeCluster with(String topic) {
        topics.put(topic, new TopicFacts(4, "delete", -1));
        return this;
    }

    @Override
    public Set<String> topics() {
        answer();
        return Set.copyOf(topics.keySet());
    }

    @Override
    public Map<String, TopicFacts> describe(Collection<String> names) {
        answer();
        Map<String, TopicFacts> present = new HashMap<>(topics);
        present.keySet().retainAll(names);
        return present;
    }

    @Override
    public long records(String topic) {
        answer();
        return records.getOrDefault(topic, 0L);
    }

    @Override
    public boolean isIdle(String group) {
        answer();
        return !busyGroups.contains(group);
    }

    @Override
    public Map<String, Position> committed(String group) {
        answer();
        return groups.getOrDefault(group, Map.of());
    }

    @Override
    public void commit(String group, Map<String, Position> positions) {
        answer();
        groups.put(group, Map.copyOf(positions));
    }

    @Override
    public Map<String, Long> lag(String group, List<String> names) {
        answer();
        Map<String, Long> lag = new TreeMap<>();
        names.forEach(name -> lag.put(name, records.getOrDefault(name, 0L)));
        return lag;
    }

    @Override
    public Map<String, Long> starts(Collection<String> names) {
        answer();
        Map<String, Long> starts = new TreeMap<>();
        names.forEach(name -> starts.put(name + "-0", 0L));
        return starts;
    }

    @Override
    public Map<String, Long> ends(Collection<String> names) {
        answer();
        Map<String, Long> ends = new TreeMap<>();
        names.forEach(name -> ends.put(name + "-0", records.getOrDefault(name, 0L)));
        return ends;
    }

    @Override
    public Map<String, Long> writtenEnds(Collection<String> names) {
        return ends(names);
    }

    @Override
    public Map<String, Long> offsetsAt(Collection<String> names, Instant time) {
        return starts(names);
    }

    @Override
    public void createLike(String topic, String model) {
        answer();
        topics.putIfAbsent(topic, topics.getOrDefault(model, new TopicFacts(1, "delete", -1)));
    }

    @Override
    public void deleteGroup(String group) {
        answer();
        groups.remove(group);
    }

    @Override
    public void deleteTopics(Collection<String> names) {
        answer();
        topics.keySet().removeAll(Set.copyOf(names));
    }

    private void answer() {
        if (refusing) {
            throw new io.weir.log.fault.WeirException(
                    "log-unreachable", io.weir.log.fault.Whose.EXTERNAL, "Log: does not answer.");
        }
    }
}
