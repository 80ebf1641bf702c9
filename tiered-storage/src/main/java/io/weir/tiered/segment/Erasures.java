package io.weir.tiered.segment;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// The ERASED section: which offsets of the segment were taken away on request, and nothing of what they
/// held.
///
/// ```
/// requests i32; per request: id 16 B | time ms i64 | ranges i32; per range: first offset i64 | last offset
/// i64
/// ```
///
/// @param requests in the order they were done
public record Erasures(List<Erasure> requests) {
    public static final Erasures NONE = new Erasures(List.of());

    public Erasures {
        requests = List.copyOf(requests);
    }

    /// @param offsets of this segment that held a record and do so no more
    public record Erasure(UUID id, long timeMillis, OffsetSpans offsets) {}

    public boolean has(UUID id) {
        return requests.stream().anyMatch(request -> request.id().equals(id));
    }

    public boolean contains(long offset) {
        return requests.stream().anyMatch(request -> request.offsets().contains(offset));
    }

    public Erasures with(Erasure erasure) {
        List<Erasure> all = new ArrayList<>(requests);
        all.add(erasure);
        return new Erasures(all);
    }

    public byte[] write() {
        int size = 4;
        for (Erasure request : requests) {
            size += 28 + 16 * request.offsets().ranges();
        }
        ByteBuffer out = ByteBuffer.allocate(size).putInt(requests.size());
        for (Erasure request : requests) {
            out.putLong(request.id().getMostSignificantBits())
                    .putLong(request.id().getLeastSignificantBits())
                    .putLong(request.timeMillis())
                    .putInt(request.offsets().ranges());
            for (int i = 0; i < request.offsets().ranges(); i++) {
                out.putLong(request.offsets().first(i))
                        .putLong(request.offsets().last(i));
            }
        }
        return out.array();
    }

    /// @param name how an error names the section
    /// @throws CorruptSegmentException it cannot be read
    public static Erasures read(byte[] section, String name) {
        ByteBuffer in = ByteBuffer.wrap(section);
        try {
            int count = in.getInt();
            List<Erasure> requests = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                UUID id = new UUID(in.getLong(), in.getLong());
                long time = in.getLong();
                int ranges = in.getInt();
                if (ranges < 0 || ranges > in.remaining() / 16) {
                    throw new CorruptSegmentException(name + ": " + ranges + " ranges cannot be.");
                }
                long[] bounds = new long[2 * ranges];
                for (int j = 0; j < bounds.length; j++) {
                    bounds[j] = in.getLong();
                }
                requests.add(new Erasure(id, time, OffsetSpans.ofBounds(bounds)));
            }
            return new Erasures(requests);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new CorruptSegmentException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
