package io.weir.streams.topology;

import io.weir.streams.job.state.Place;
import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateQuestion;
import io.weir.streams.job.state.StateReads;
import io.weir.streams.job.state.StoreInfo;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.TaskMetadata;
import org.apache.kafka.streams.ThreadMetadata;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/// The state of one `KafkaStreams` object, read through its interactive queries.
final class StoreReads implements StateReads {
    private static final Base64.Decoder BASE64 = Base64.getUrlDecoder();

    private final KafkaStreams streams;
    private final Map<String, StoreCatalog.Store> stores;
    private final @Nullable HostInfo own;
    private final ShownValue shown = new ShownValue();

    /// @param own where others reach this process; null when nobody has said so: then nobody knows who has what
    StoreReads(KafkaStreams streams, Map<String, StoreCatalog.Store> stores, @Nullable HostInfo own) {
        this.streams = streams;
        this.stores = stores;
        this.own = own;
    }

    @Override
    public List<StoreInfo> stores() {
        Map<String, StoreSize> sizes = StoreSize.of(streams.metrics());
        return stores.values().stream()
                .map(store -> {
                    StoreSize size = sizes.getOrDefault(store.name(), StoreSize.UNKNOWN);
                    return new StoreInfo(
                            store.name(),
                            store.kind(),
                            store.stage(),
                            store.key(),
                            store.value(),
                            store.topics(),
                            size.entries(),
                            size.bytes());
                })
                .toList();
    }

    @Override
    public List<Place> places(String name, @Nullable String key) {
        StoreCatalog.Store store = Objects.requireNonNull(stores.get(name), name);
        return switch (store.form()) {
            case StoreForm.Global global -> List.of(new Place(-1, server(own), true));
            case StoreForm.Own code -> hosts();
            case StoreForm.Internal internal -> List.of();
            case StoreForm.KeyValue form -> key == null ? partitions(store) : placeOf(name, form.keys(), key);
            case StoreForm.Versioned form -> key == null ? partitions(store) : placeOf(name, form.keys(), key);
            case StoreForm.Aligned form -> key == null ? partitions(store) : placeOf(name, form.keys(), key);
            case StoreForm.Sliding form -> key == null ? partitions(store) : placeOf(name, form.keys(), key);
            case StoreForm.Sessions form -> key == null ? partitions(store) : placeOf(name, form.keys(), key);
        };
    }

    private List<Place> placeOf(String store, RowFormat keys, String key) {
        byte[] bytes = Objects.requireNonNull(keys.write(key(keys, key)));
        KeyQueryMetadata found = streams.queryMetadataForKey(store, bytes, new ByteArraySerializer());
        return found == null || found.equals(KeyQueryMetadata.NOT_AVAILABLE)
                ? List.of()
                : List.of(place(found.partition(), found.activeHost()));
    }

    private List<Place> partitions(StoreCatalog.Store store) {
        Map<Integer, Place> places = new TreeMap<>();
        for (StreamsMetadata host : streams.metadataForAllStreamsClients()) {
            for (TopicPartition partition : host.topicPartitions()) {
                if (store.topics().contains(partition.topic())) {
                    places.put(partition.partition(), place(partition.partition(), host.hostInfo()));
                }
            }
        }
        return List.copyOf(places.values());
    }

    /// Where types are not known nobody can say which partition has a key.
    private List<Place> hosts() {
        List<Place> places = new ArrayList<>();
        for (StreamsMetadata host : streams.metadataForAllStreamsClients()) {
            Place place = place(-1, host.hostInfo());
            places.add(place.here() ? 0 : places.size(), place);
        }
        return places;
    }

    private Place place(int partition, HostInfo host) {
        return new Place(partition, server(host), host.equals(own));
    }

    private static String server(@Nullable HostInfo host) {
        return host == null || host.equals(HostInfo.unavailable()) ? "" : host.host() + ":" + host.port();
    }

    @Override
    public StateAnswer read(StateQuestion question) {
        StoreCatalog.Store store = Objects.requireNonNull(stores.get(question.store()), question.store());
        for (String name : question.atLeast().keySet()) {
            String topic = name.substring(0, Math.max(0, name.lastIndexOf('-')));
            if (!store.topics().contains(topic)) {
                return new StateAnswer.Refused("atLeast names '" + name + "', and its position is counted in "
                        + new TreeSet<>(store.topics()) + ".");
            }
        }
        try {
            StateAnswer answer = read(store.form(), question, true);
            boolean committed = answer instanceof StateAnswer.Behind && hasCommitted(question);
            return committed ? read(store.form(), question, false) : answer;
        } catch (SerializationException | IllegalArgumentException e) {
            return new StateAnswer.Refused(String.valueOf(e.getMessage()));
        }
    }

    private StateAnswer read(StoreForm form, StateQuestion question, boolean bounded) {
        StoreQueries queries = new StoreQueries(streams, question, bounded, shown);
        try {
            return switch (form) {
                case StoreForm.KeyValue table -> TableReads.keyValue(queries, table, question);
                case StoreForm.Versioned table -> TableReads.versioned(queries, table, question);
                case StoreForm.Global table -> TableReads.global(queries, streams, table, question);
                case StoreForm.Aligned windows -> WindowReads.aligned(queries, windows, question);
                case StoreForm.Sliding windows -> WindowReads.sliding(queries, windows, question);
                case StoreForm.Sessions sessions -> WindowReads.sessions(queries, sessions, question);
                case StoreForm.Own own -> OwnCodeReads.read(queries, question);
                case StoreForm.Internal internal ->
                    new StateAnswer.Refused("holds times, timers or rows that wait for others: not for readers.");
            };
        } catch (StoreQueries.Unanswered e) {
            return e.answer();
        }
    }

    /// A record that changed nothing in the store does not move the store's own position; a commit behind it says
    /// that it was taken in.
    private boolean hasCommitted(StateQuestion question) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        for (ThreadMetadata thread : streams.metadataForLocalThreads()) {
            for (TaskMetadata task : thread.activeTasks()) {
                committed.putAll(task.committedOffsets());
            }
        }
        for (Map.Entry<String, Long> wanted : question.atLeast().entrySet()) {
            TopicPartition partition = partition(wanted.getKey());
            boolean asked = question.partition() < 0 || question.partition() == partition.partition();
            if (asked && committed.getOrDefault(partition, -1L) < wanted.getValue()) {
                return false;
            }
        }
        return true;
    }

    static TopicPartition partition(String name) {
        int dash = name.lastIndexOf('-');
        return new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
    }

    /// Reads a key that was given as text: bytes in base64, records as JSON.
    ///
    /// @throws IllegalArgumentException when it is none
    static Object key(RowFormat keys, String text) {
        try {
            byte[] bytes = keys.holdsBytes() ? BASE64.decode(text) : text.getBytes(StandardCharsets.UTF_8);
            return Objects.requireNonNull(keys.read(bytes));
        } catch (SerializationException | IllegalArgumentException e) {
            throw new IllegalArgumentException("key '" + text + "' is none of its keys (" + e.getMessage() + ").", e);
        }
    }
}
