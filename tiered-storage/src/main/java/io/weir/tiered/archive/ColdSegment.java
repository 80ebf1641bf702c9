package io.weir.tiered.archive;

import io.weir.tiered.parquet.DecodedRows;
import io.weir.tiered.parquet.GroupPages;
import io.weir.tiered.parquet.RecordFileReader;
import io.weir.tiered.segment.ClassicObject;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.RangeSource;
import io.weir.tiered.segment.SectionType;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.shape.ShapeSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A cold segment opened for reading: its sidecar and the footers of its data files. Immutable, safe for use
/// by
/// any thread; nothing to close.
final class ColdSegment {
    private final Sidecar sidecar;
    private final List<RecordFileReader> files;
    private final List<RowGroup> rowGroups;
    private final Optional<ClassicObject> classic;

    /// One row group of one file.
    ///
    /// @param number in the segment
    record RowGroup(int number, RecordFileReader file, int inFile, DataFile.RowGroup listed) {
        DecodedRows decode() throws IOException {
            return file.read(inFile);
        }

        /// Where it can be cut.
        GroupPages pages() {
            return file.pages(inFile);
        }

        byte[] bytes() throws IOException {
            return file.bytes(inFile);
        }

        /// @param bytes of the whole group
        DecodedRows decode(byte[] bytes, int firstPage, int endPage) throws IOException {
            return file.read(inFile, bytes, firstPage, endPage);
        }
    }

    private final long shapeBytes;

    private ColdSegment(
            Sidecar sidecar, List<RecordFileReader> files, long shapeBytes, Optional<ClassicObject> classic) {
        this.sidecar = sidecar;
        this.shapeBytes = shapeBytes;
        this.files = files;
        this.classic = classic;
        List<RowGroup> groups = new ArrayList<>();
        for (RecordFileReader file : files) {
            List<DataFile.RowGroup> listed = file.file().rowGroups();
            for (int i = 0; i < listed.size(); i++) {
                if (!touches(listed.get(i), sidecar)) {
                    // of another segment that shares the file
                    continue;
                }
                groups.add(new RowGroup(groups.size(), file, i, listed.get(i)));
            }
        }
        this.rowGroups = List.copyOf(groups);
    }

    private static boolean touches(DataFile.RowGroup group, Sidecar sidecar) {
        return group.lastOffset() >= sidecar.address().baseOffset()
                && group.firstOffset() <= sidecar.origin().endOffset();
    }

    /// Rows of the segment in its files.
    long rows() {
        return rowGroups.stream().mapToLong(group -> group.listed().rows()).sum();
    }

    /// @param sourceOf bytes of a listed path
    static ColdSegment open(Sidecar sidecar, Function<String, RangeSource> sourceOf) throws IOException {
        return over(sidecar, sidecar.files(), sourceOf);
    }

    /// The segment with its rows in other files than the sidecar lists.
    static ColdSegment over(Sidecar sidecar, List<DataFile> dataFiles, Function<String, RangeSource> sourceOf)
            throws IOException {
        List<RecordFileReader> files = new ArrayList<>();
        ShapeSet shapes = sidecar.section(SectionType.SHAPES)
                .map(section -> ShapeSet.read(section, "Sidecar '" + sidecar.name() + "', section SHAPES"))
                .orElse(ShapeSet.NONE);
        for (DataFile file : dataFiles) {
            files.add(RecordFileReader.open(file, sourceOf.apply(file.path()), shapes));
        }
        Optional<ClassicObject> classic = sidecar.section(SectionType.CLASSIC)
                .map(section -> ClassicObject.read(section, "Sidecar '" + sidecar.name() + "', section CLASSIC"));
        return new ColdSegment(sidecar, List.copyOf(files), shapes.sizeBytes(), classic);
    }

    Sidecar sidecar() {
        return sidecar;
    }

    /// The stored segment, when it is stored as it is.
    Optional<ClassicObject> classic() {
        return classic;
    }

    List<RowGroup> rowGroups() {
        return rowGroups;
    }

    /// Index of the first row group that can hold `offset` or a later one; `rowGroups().size()` when none
    /// can.
    int firstGroupReaching(long offset) {
        int low = 0;
        int high = rowGroups.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (rowGroups.get(middle).listed().lastOffset() < offset) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// What it occupies, for the bound of a cache.
    long sizeBytes() {
        long footers = files.stream()
                .mapToLong(file -> 4 * (file.file().lengthBytes() - file.file().footerPosition()))
                .sum();
        // up to four pages of entries, and the sidecar itself when it is small
        return 1024
                + footers
                + 8 * shapeBytes
                + Math.min(sidecar.lengthBytes(), 256 * 1024)
                + Math.min(sidecar.batchCount() * 64L, 1 << 20);
    }
}
