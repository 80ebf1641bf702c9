package io.weir.streams.topology;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// How many different values there were, in little space: the hashes themselves up to 256 of them, then a
/// HyperLogLog of 4096 registers (standard error 1.04 / sqrt(4096) = 1.6 %). Does not depend on the order
/// of the values.
///
/// Bytes: a `0` and the hashes in ascending order, 8 bytes each; or a `1` and one byte per register.
final class DistinctSketch {
    static final int EXACT_UP_TO = 256;
    private static final int INDEX_BITS = 12;
    private static final int REGISTERS = 1 << INDEX_BITS;
    private static final double BIAS = 0.7213 / (1 + 1.079 / REGISTERS);

    /// Ascending, each once; of no use once there are registers.
    private long[] hashes = new long[0];
    /// Per register the longest run of zeros seen, plus one; empty while the hashes are kept.
    private byte[] registers = new byte[0];

    void add(byte[] value) {
        addHash(hash(value));
    }

    private void addHash(long hash) {
        if (registers.length > 0) {
            register(hash);
            return;
        }
        int at = Arrays.binarySearch(hashes, hash);
        if (at >= 0) {
            return;
        }
        if (hashes.length == EXACT_UP_TO) {
            registers = new byte[REGISTERS];
            for (long known : hashes) {
                register(known);
            }
            register(hash);
            return;
        }
        int place = -at - 1;
        long[] more = new long[hashes.length + 1];
        System.arraycopy(hashes, 0, more, 0, place);
        more[place] = hash;
        System.arraycopy(hashes, place, more, place + 1, hashes.length - place);
        hashes = more;
    }

    void merge(DistinctSketch other) {
        if (other.registers.length == 0) {
            for (long hash : other.hashes) {
                addHash(hash);
            }
            return;
        }
        if (registers.length == 0) {
            registers = new byte[REGISTERS];
            for (long known : hashes) {
                register(known);
            }
        }
        for (int i = 0; i < REGISTERS; i++) {
            registers[i] = (byte) Math.max(registers[i], other.registers[i]);
        }
    }

    long estimate() {
        if (registers.length == 0) {
            return hashes.length;
        }
        double sum = 0;
        int empty = 0;
        for (byte register : registers) {
            sum += Math.scalb(1.0, -register);
            empty += register == 0 ? 1 : 0;
        }
        double raw = BIAS * REGISTERS * REGISTERS / sum;
        boolean few = raw <= 2.5 * REGISTERS && empty > 0;
        return Math.round(few ? REGISTERS * Math.log((double) REGISTERS / empty) : raw);
    }

    byte[] bytes() {
        if (registers.length > 0) {
            return ByteBuffer.allocate(1 + REGISTERS)
                    .put((byte) 1)
                    .put(registers)
                    .array();
        }
        ByteBuffer bytes = ByteBuffer.allocate(1 + Long.BYTES * hashes.length).put((byte) 0);
        for (long hash : hashes) {
            bytes.putLong(hash);
        }
        return bytes.array();
    }

    static DistinctSketch of(byte[] bytes) {
        DistinctSketch sketch = new DistinctSketch();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() == 1) {
            sketch.registers = new byte[REGISTERS];
            in.get(sketch.registers);
        } else {
            sketch.hashes = new long[in.remaining() / Long.BYTES];
            in.asLongBuffer().get(sketch.hashes);
        }
        return sketch;
    }

    private void register(long hash) {
        int index = (int) (hash >>> (Long.SIZE - INDEX_BITS));
        long rest = hash << INDEX_BITS;
        int zeros = Math.min(Long.numberOfLeadingZeros(rest), Long.SIZE - INDEX_BITS);
        registers[index] = (byte) Math.max(registers[index], zeros + 1);
    }

    /// FNV-1a over the bytes, then mixed so that each bit of the value moves each bit of the hash.
    private static long hash(byte[] value) {
        long hash = 0xcbf29ce484222325L;
        for (byte one : value) {
            hash = (hash ^ (one & 0xff)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
        hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return hash ^ (hash >>> 33);
    }
}
