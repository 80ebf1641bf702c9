package io.weir.tiered.archive;

import io.weir.tiered.segment.BatchEntry;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.SectionType;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.shape.ShapeOutline;
import io.weir.tiered.shape.ShapeSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Archived offsets of one partition of which the rows of data files are exactly the records that a consumer of
/// committed records gets. Aborted and control batches have no rows; what was erased has none any more.
///
/// `from <= to <= recordsUntil`.
///
/// @param to offset behind the last one
/// @param recordsUntil offsets from `to` up to here are archived in another form; `to` when the archive goes on as
///     columns there, or ends
/// @param files with those rows and perhaps others, in no order
/// @param outlines what is known of the values' shapes, by id
public record ArchivedColumns(
        long from, long to, long recordsUntil, List<DataFile> files, Map<Long, ShapeOutline> outlines) {
    public ArchivedColumns {
        files = List.copyOf(files);
        outlines = Map.copyOf(outlines);
    }

    static ArchivedColumns none(long from) {
        return new ArchivedColumns(from, from, from, List.of(), Map.of());
    }

    boolean isOpen(long end) {
        return to < end && recordsUntil == to;
    }

    /// The same with one segment more.
    ///
    /// @param endOffset its last offset
    /// @param most offset behind the last that is wanted
    ArchivedColumns with(Sidecar sidecar, long endOffset, long most) throws IOException {
        long end = Math.min(most, endOffset + 1);
        if (sidecar.section(SectionType.CLASSIC).isPresent()) {
            return new ArchivedColumns(from, to, end, files, outlines);
        }
        long covered = end;
        long until = end;
        for (int ordinal = 0; ordinal < sidecar.batchCount(); ordinal++) {
            BatchEntry batch = sidecar.batch(ordinal);
            long first = sidecar.address().baseOffset() + batch.relBase();
            long last = first + batch.lastOffsetDelta();
            if (last >= to && first < end && isKeptAsItIs(batch)) {
                covered = Math.max(to, first);
                until = Math.min(end, last + 1);
                break;
            }
        }
        List<DataFile> more = new ArrayList<>(files);
        for (DataFile file : sidecar.files()) {
            if (file.lastOffset() >= to && file.firstOffset() < covered && !more.contains(file)) {
                more.add(file);
            }
        }
        Map<Long, ShapeOutline> known = new HashMap<>(outlines);
        Optional<byte[]> shapes = sidecar.section(SectionType.SHAPES);
        if (shapes.isPresent()) {
            known.putAll(ShapeSet.read(shapes.get(), "Sidecar '" + sidecar.name() + "', section SHAPES")
                    .outlines());
        }
        return new ArchivedColumns(from, covered, until, more, known);
    }

    /// Its rows, if it has any, need not tell all that its bytes do.
    private static boolean isKeptAsItIs(BatchEntry batch) {
        return batch.has(BatchEntry.UNREADABLE) || (batch.has(BatchEntry.VERBATIM) && batch.hasRows());
    }
}
