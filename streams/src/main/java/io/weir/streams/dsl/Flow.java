package io.weir.streams.dsl;

import io.weir.streams.dsl.Stage.SourceKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Where a job starts: its sources. Handed to [StreamJob#define]; belongs to the thread that plans.
public final class Flow {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<String, Node> sources = new HashMap<>();

    Flow() {}

    /// Every record of a topic, keyed by a string.
    ///
    /// @param type a record class; its components are bound by name. A missing one is null, for a primitive
    ///     an error that sends the record to the dead letter topic
    public <V> Stream<String, V> stream(String topic, Class<V> type) {
        return stream(topic, String.class, type);
    }

    /// Every record of a topic.
    ///
    /// @param key String, Integer, Long, Boolean, UUID, byte[] or a record of these
    /// @param type a record class, or String or byte[] for values that are no JSON
    public <K, V> Stream<K, V> stream(String topic, Class<K> key, Class<V> type) {
        return new Stream<>(this, source(topic, SourceKind.STREAM, key, type));
    }

    /// The latest row per key of a topic, keyed by a string; a null value deletes.
    public <V> Table<String, V> table(String topic, Class<V> type) {
        return table(topic, String.class, type);
    }

    /// The latest row per key of a topic; a null value deletes.
    ///
    /// @param key as for streams
    public <K, V> Table<K, V> table(String topic, Class<K> key, Class<V> type) {
        return new Table<>(this, source(topic, SourceKind.TABLE, key, type));
    }

    /// The latest row per key of a topic, all of them on every node, keyed by a string. For small tables
    /// that are looked up by other keys than the stream's.
    public <V> GlobalTable<String, V> global(String topic, Class<V> type) {
        return global(topic, String.class, type);
    }

    /// The latest row per key of a topic, all of them on every node.
    ///
    /// @param key as for streams
    public <K, V> GlobalTable<K, V> global(String topic, Class<K> key, Class<V> type) {
        return new GlobalTable<>(source(topic, SourceKind.GLOBAL, key, type));
    }

    /// Adds code on the engine itself as a part of the plan. For the escape hatches of
    /// `io.weir.streams.topology`, which know how to run it; use those.
    ///
    /// @param name of the stage
    /// @param inputs streams that it reads
    /// @param code what runs
    /// @param key of the rows it gives
    /// @param row the rows it gives
    public <K, V> Stream<K, V> foreign(
            String name, List<Stream<?, ?>> inputs, Serializable code, Class<K> key, Class<V> row) {
        Names.checkStage(name, name);
        RowType keyType = RowType.of(key, name);
        RowType rowType = RowType.of(row, name);
        Opaque opaque = Lambda.of(code).opaque();
        List<Node> from = inputs.stream().<Node>map(Stream::node).toList();
        Node node = add(new Node(
                from,
                name,
                keyType,
                rowType,
                (path, names) -> new Stage.Foreign(path, names, List.of(), List.of(), opaque, keyType, rowType)));
        node.named(name);
        return new Stream<>(this, node);
    }

    /// Adds a whole job on the engine itself. For the escape hatches of `io.weir.streams.topology`, which
    /// know how to run it; use those.
    ///
    /// @param job what runs
    /// @param reads its topics
    /// @param writes its outputs
    public void foreign(StreamJob job, List<String> reads, List<String> writes) {
        RowType bytes = RowType.of(byte[].class, "kafka-streams");
        Opaque code = new Opaque(Bytecode.fingerprint(job), job);
        add(new Node(
                List.of(),
                "kafka-streams",
                bytes,
                bytes,
                (path, names) ->
                        new Stage.Foreign(path, names, List.copyOf(reads), List.copyOf(writes), code, bytes, bytes)));
    }

    private Node source(String topic, SourceKind kind, Class<?> key, Class<?> type) {
        Names.checkTopic(topic, topic);
        RowType keyType = RowType.of(key, topic);
        RowType rowType = RowType.of(type, topic);
        Node known = sources.get(topic);
        if (known == null) {
            Node node = add(new Node(
                    List.of(),
                    topic,
                    keyType,
                    rowType,
                    (name, inputs) -> new Stage.Source(name, topic, kind, keyType, rowType, null, 0, Format.JSON)));
            sources.put(topic, node);
            return node;
        }
        SourceKind before = known.stage() instanceof Stage.Source source ? source.kind() : kind;
        if (before != kind || !known.key.equals(keyType) || !known.row.equals(rowType)) {
            throw new PlanRefused(
                    known.path(),
                    "source-twice",
                    "a topic is read once per job, as " + before.name().toLowerCase(Locale.ROOT) + " of " + known.row
                            + " by " + known.key + ", got " + kind.name().toLowerCase(Locale.ROOT) + " of " + rowType
                            + " by " + keyType + ".");
        }
        return known;
    }

    Node add(Node node) {
        nodes.add(node);
        return node;
    }

    List<Node> nodes() {
        return nodes;
    }
}
