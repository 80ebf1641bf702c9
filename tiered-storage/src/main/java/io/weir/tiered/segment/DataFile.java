package io.weir.tiered.segment;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// One data file of a segment as the sidecar's FILES section lists it:
///
/// ```
/// i32 files, each: u16 len + path (UTF-8) | i64 length | u32 CRC32C | 32 B sha256 | i32 schema id | i64 first offset
///   | i64 last offset | i64 rows | i64 footer pos | u32 footer CRC32C | i32 row groups, each: i64 first offset
///   | i64 last offset | i64 first row | i64 rows | i64 least timestamp ms | i64 greatest timestamp ms
///   | i64 pos | i64 length | u32 CRC32C
/// ```
///
/// @param path relative to the folder of the cluster, with `/`
/// @param lengthBytes of the whole file
/// @param crc32c of the whole file
/// @param sha256 lower-case hex
/// @param schemaId 0: the nine fixed columns
/// @param rows in the file, at least 1
/// @param footerPosition where the part after the last row group begins (page indexes, footer); it ends with the file
/// @param footerCrc32c of that part
public record DataFile(
        String path,
        long lengthBytes,
        int crc32c,
        String sha256,
        int schemaId,
        long firstOffset,
        long lastOffset,
        long rows,
        long footerPosition,
        int footerCrc32c,
        List<RowGroup> rowGroups) {
    public DataFile {
        rowGroups = List.copyOf(rowGroups);
    }

    /// A row group: rows in offset order.
    ///
    /// @param leastTimestampMillis of its records, not of batch headers
    /// @param position of its first byte in the file
    /// @param crc32c of its bytes in the file: checked before they are decoded
    public record RowGroup(
            long firstOffset,
            long lastOffset,
            long firstRow,
            long rows,
            long leastTimestampMillis,
            long greatestTimestampMillis,
            long position,
            long lengthBytes,
            int crc32c) {}

    /// The same file under another path.
    public DataFile at(String newPath) {
        return new DataFile(
                newPath,
                lengthBytes,
                crc32c,
                sha256,
                schemaId,
                firstOffset,
                lastOffset,
                rows,
                footerPosition,
                footerCrc32c,
                rowGroups);
    }

    static byte[] write(List<DataFile> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(files.size());
            for (DataFile file : files) {
                file.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private void write(DataOutputStream out) throws IOException {
        byte[] name = path.getBytes(StandardCharsets.UTF_8);
        out.writeShort(name.length);
        out.write(name);
        out.writeLong(lengthBytes);
        out.writeInt(crc32c);
        out.write(HexFormat.of().parseHex(sha256));
        out.writeInt(schemaId);
        out.writeLong(firstOffset);
        out.writeLong(lastOffset);
        out.writeLong(rows);
        out.writeLong(footerPosition);
        out.writeInt(footerCrc32c);
        out.writeInt(rowGroups.size());
        for (RowGroup group : rowGroups) {
            out.writeLong(group.firstOffset);
            out.writeLong(group.lastOffset);
            out.writeLong(group.firstRow);
            out.writeLong(group.rows);
            out.writeLong(group.leastTimestampMillis);
            out.writeLong(group.greatestTimestampMillis);
            out.writeLong(group.position);
            out.writeLong(group.lengthBytes);
            out.writeInt(group.crc32c);
        }
    }

    /// @param name how an error names the section
    static List<DataFile> read(byte[] section, String name) {
        ByteBuffer in = ByteBuffer.wrap(section);
        try {
            int count = in.getInt();
            List<DataFile> files = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                files.add(read(in));
            }
            return List.copyOf(files);
        } catch (BufferUnderflowException e) {
            throw new CorruptSegmentException(name + ": ends in the middle of an entry.", e);
        }
    }

    private static DataFile read(ByteBuffer in) {
        byte[] path = bytes(in, in.getShort() & 0xFFFF);
        long length = in.getLong();
        int crc = in.getInt();
        byte[] sha = bytes(in, 32);
        int schema = in.getInt();
        long first = in.getLong();
        long last = in.getLong();
        long rows = in.getLong();
        long footerPosition = in.getLong();
        int footerCrc = in.getInt();
        int groupCount = in.getInt();
        List<RowGroup> groups = new ArrayList<>();
        for (int i = 0; i < groupCount; i++) {
            groups.add(new RowGroup(
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getLong(),
                    in.getInt()));
        }
        return new DataFile(
                new String(path, StandardCharsets.UTF_8),
                length,
                crc,
                HexFormat.of().formatHex(sha),
                schema,
                first,
                last,
                rows,
                footerPosition,
                footerCrc,
                groups);
    }

    private static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
