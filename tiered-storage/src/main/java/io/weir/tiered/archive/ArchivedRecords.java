package io.weir.tiered.archive;

import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;

/// Reads what is archived of a log as a consumer of committed records sees it, from the store and past the
/// broker: nothing the broker keeps for its own readers is touched. Safe for use by any thread; owns nothing.
public final class ArchivedRecords {
    private final Function<String, Map<Integer, SegmentChain>> chains;
    private final ObjectStore store;
    private final ArchiveLayout layout;

    /// @param fold tells what is archived; stays its owner's, like the store
    public ArchivedRecords(RemoteLogFold fold, ObjectStore store, ArchiveLayout layout) {
        this(fold::chains, store, layout);
    }

    ArchivedRecords(Function<String, Map<Integer, SegmentChain>> chains, ObjectStore store, ArchiveLayout layout) {
        this.chains = chains;
        this.store = store;
        this.layout = layout;
    }

    /// Where the archive of each partition ends: the first offset that only the log itself has.
    ///
    /// @throws NoSuchTopicException there is no such topic
    /// @throws ArchiveUnavailableException the log did not answer
    public Map<Integer, Long> ends(String topic) {
        Map<Integer, Long> ends = new HashMap<>();
        chains.apply(topic).forEach((partition, chain) -> ends.put(partition, chain.committed()));
        return ends;
    }

    /// Begins to read a partition. Reads nothing yet.
    ///
    /// @param from the first offset that is wanted
    public PartitionRecords open(TopicPartition partition, long from) {
        return new PartitionRecords(this, partition, from);
    }

    /// What is archived of a partition from an offset on as columns: of as many segments that follow each other as are
    /// asked for, up to a batch that columns do not give back.
    ///
    /// @param from the first offset that is wanted
    /// @param to offset behind the last that is wanted
    /// @throws NoSuchTopicException there is no such topic
    /// @throws ArchiveUnavailableException the log did not answer
    /// @throws CorruptSegmentException a sidecar is damaged
    /// @throws IOException the store did not answer
    public ArchivedColumns columns(TopicPartition partition, long from, long to) throws IOException {
        SegmentChain chain = chain(partition).orElse(null);
        ArchivedColumns columns = ArchivedColumns.none(from);
        while (chain != null && columns.isOpen(to)) {
            Optional<SegmentChain.Link> link = chain.at(columns.to());
            if (link.isEmpty()) {
                break;
            }
            columns = columns.with(sidecar(link.get()), link.get().endOffset(), to);
        }
        return columns;
    }

    Optional<SegmentChain> chain(TopicPartition partition) {
        return Optional.ofNullable(chains.apply(partition.topic()).get(partition.partition()));
    }

    ColdSegment segment(SegmentChain.Link link) throws IOException {
        return ColdSegment.open(sidecar(link), listed -> {
            String file = layout.listed(listed);
            return (position, length) -> store.read(file, position, length);
        });
    }

    private Sidecar sidecar(SegmentChain.Link link) throws IOException {
        String path = layout.sidecar(link.address());
        Sidecar sidecar = Sidecar.open(
                store.describe(path), (position, length) -> store.read(path, position, length), store.length(path));
        if (!sidecar.address().equals(link.address())) {
            throw new CorruptSegmentException("Sidecar '" + sidecar.name()
                    + "': must belong to " + link.address().describe() + ", belongs to "
                    + sidecar.address().describe() + ".");
        }
        return sidecar;
    }

    /// Whether the sidecar in the store is another one by now: rows were erased, or lie in another file.
    boolean isReplaced(ColdSegment segment) throws IOException {
        byte[] start = store.read(layout.sidecar(segment.sidecar().address()), 0, Sidecar.GENERATION_KNOWN_FROM);
        return Sidecar.generation(start) != segment.sidecar().generation();
    }
}
