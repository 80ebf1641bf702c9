package io.weir.tiered.segment;

import org.jspecify.annotations.Nullable;

/// Walks the records of one uncompressed records section (magic 2) without allocating, and checks on the way that
/// the section is *canonical*: that writing the same fields again gives the same bytes. A section that is not
/// (needless varint bytes, attributes set, other null markers, trailing bytes) ends the walk with a `defect`, and
/// its batch is kept verbatim.
///
/// The fields point into the array given to `reset` and are valid until the next call. One thread.
public final class RecordCursor {
    private byte[] section = new byte[0];
    private int position;
    private int limit;
    private int recordEnd;
    private boolean strict = true;
    private @Nullable String defect;

    private int offsetDelta;
    private long timestampDelta;
    private int keyStart;
    private int keyLength;
    private int valueStart;
    private int valueLength;
    private int headersStart;
    private int headerCount;

    private int firstHeader;
    private int headerPosition;
    private int headersLeft;
    private int headerKeyStart;
    private int headerKeyLength;
    private int headerValueStart;
    private int headerValueLength;

    /// Starts over a section that lies in `bytes[from, to)`.
    public void reset(byte[] bytes, int from, int to) {
        section = bytes;
        position = from;
        limit = to;
        strict = true;
        defect = null;
    }

    /// Starts over a section that is only to be read, not to be written again: spellings that Kafka accepts but
    /// would not write are no defect.
    public void resetLenient(byte[] bytes, int from, int to) {
        reset(bytes, from, to);
        strict = false;
    }

    /// Moves to the next record. False at the end of the section and at a defect.
    public boolean next() {
        if (position >= limit || defect != null) {
            return false;
        }
        int length = readInt(limit);
        if (defect != null || length < 1 || length > limit - position) {
            return fail("record length");
        }
        recordEnd = position + length;
        if (section[position++] != 0 && strict) {
            return fail("record attributes");
        }
        timestampDelta = readLong(recordEnd);
        offsetDelta = readInt(recordEnd);
        keyLength = readBlockLength("key length");
        keyStart = position;
        position += Math.max(0, keyLength);
        valueLength = readBlockLength("value length");
        valueStart = position;
        position += Math.max(0, valueLength);
        if (defect != null) {
            return false;
        }
        headersStart = position;
        return readHeaders();
    }

    private boolean readHeaders() {
        headerCount = readInt(recordEnd);
        if (defect != null || headerCount < 0) {
            return fail("header count");
        }
        firstHeader = position;
        restartHeaders();
        while (nextHeader()) {
            if (strict && !Utf8.isValid(section, headerKeyStart, headerKeyLength)) {
                return fail("header name is not UTF-8");
            }
        }
        position = headerPosition;
        if (defect != null || position != recordEnd) {
            return fail("record length");
        }
        restartHeaders();
        return true;
    }

    private void restartHeaders() {
        headerPosition = firstHeader;
        headersLeft = headerCount;
    }

    /// Moves to the next header of the present record.
    public boolean nextHeader() {
        if (headersLeft == 0 || defect != null) {
            return false;
        }
        headersLeft--;
        int resumed = position;
        position = headerPosition;
        headerKeyLength = readBlockLength("header name length");
        if (headerKeyLength < 0) {
            return fail("header name is null");
        }
        headerKeyStart = position;
        position += headerKeyLength;
        headerValueLength = readBlockLength("header value length");
        headerValueStart = position;
        position += Math.max(0, headerValueLength);
        headerPosition = position;
        position = resumed;
        return defect == null;
    }

    /// Why the walk ended early, or null when the section is canonical so far.
    public @Nullable String defect() {
        return defect;
    }

    public byte[] bytes() {
        return section;
    }

    public int offsetDelta() {
        return offsetDelta;
    }

    public long timestampDelta() {
        return timestampDelta;
    }

    public int keyStart() {
        return keyStart;
    }

    /// -1 for a null key.
    public int keyLength() {
        return keyLength;
    }

    public int valueStart() {
        return valueStart;
    }

    /// -1 for a null value.
    public int valueLength() {
        return valueLength;
    }

    /// Start of the headers in wire form: count, then names and values.
    public int headersStart() {
        return headersStart;
    }

    public int headersEnd() {
        return recordEnd;
    }

    public int headerCount() {
        return headerCount;
    }

    public int headerKeyStart() {
        return headerKeyStart;
    }

    public int headerKeyLength() {
        return headerKeyLength;
    }

    public int headerValueStart() {
        return headerValueStart;
    }

    /// -1 for a null header value.
    public int headerValueLength() {
        return headerValueLength;
    }

    private boolean fail(String what) {
        if (defect == null) {
            defect = what;
        }
        return false;
    }

    private int readBlockLength(String what) {
        int length = readInt(recordEnd);
        if (defect == null && ((strict && length < -1) || length > recordEnd - position)) {
            fail(what);
        }
        return defect == null ? Math.max(-1, length) : 0;
    }

    private int readInt(int end) {
        long value = readUnsigned(end, 5);
        if (value >>> 32 != 0) {
            fail("varint");
            return 0;
        }
        int zigzag = (int) value;
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    private long readLong(int end) {
        long zigzag = readUnsigned(end, 10);
        return (zigzag >>> 1) ^ -(zigzag & 1);
    }

    private long readUnsigned(int end, int maxBytes) {
        long value = 0;
        for (int i = 0; i < maxBytes; i++) {
            if (position >= end) {
                fail("varint");
                return 0;
            }
            byte read = section[position++];
            value |= (read & 0x7FL) << (7 * i);
            if (read >= 0) {
                boolean minimal = read != 0 || i == 0;
                boolean fits = i < 9 || read == 1;
                if ((strict && !minimal) || !fits) {
                    fail("varint");
                }
                return value;
            }
        }
        fail("varint");
        return 0;
    }
}
