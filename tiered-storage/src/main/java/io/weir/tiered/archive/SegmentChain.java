package io.weir.tiered.archive;

import io.weir.tiered.segment.SegmentAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;

/// The finished segments of one partition that follow each other without a gap from the log's start on. They
/// cover `[logStart, committed)`; `committed` equals `logStart` when nothing is archived.
///
/// @param logStart earliest offset that the log still has
/// @param committed next offset that is not in the segments
/// @param links in offset order
record SegmentChain(long logStart, long committed, List<Link> links) {
    /// @param firstOffset least offset of it that counts: below it the log start or an earlier segment has the
    ///     word
    record Link(RemoteLogSegmentMetadata metadata, long firstOffset) {
        SegmentAddress address() {
            return ArchiveLayout.address(metadata);
        }

        long endOffset() {
            return metadata.endOffset();
        }
    }

    SegmentChain {
        links = List.copyOf(links);
    }

    static SegmentChain of(long logStart, List<RemoteLogSegmentMetadata> finished) {
        List<RemoteLogSegmentMetadata> ordered = new ArrayList<>(finished);
        // of two that begin together the longer one goes first: the other is then below the committed offset
        ordered.sort(Comparator.comparingLong(RemoteLogSegmentMetadata::startOffset)
                .thenComparing(Comparator.comparingLong(RemoteLogSegmentMetadata::endOffset)
                        .reversed()));
        long committed = logStart;
        List<Link> links = new ArrayList<>();
        for (RemoteLogSegmentMetadata segment : ordered) {
            if (segment.startOffset() > committed) {
                break;
            }
            if (segment.endOffset() >= committed) {
                links.add(new Link(segment, committed));
                committed = segment.endOffset() + 1;
            }
        }
        return new SegmentChain(logStart, committed, links);
    }

    /// The segment that has the word about an offset.
    Optional<Link> at(long offset) {
        int low = 0;
        int high = links.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (links.get(middle).endOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return offset >= logStart && low < links.size() ? Optional.of(links.get(low)) : Optional.empty();
    }
}
