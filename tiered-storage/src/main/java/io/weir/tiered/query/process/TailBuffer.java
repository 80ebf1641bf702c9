package io.weir.tiered.query.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// The last 64 KiB of a stream. One thread drains, any thread reads.
final class TailBuffer {
    private static final int KEPT_BYTES = 64 * 1024;

    private final byte[] ring = new byte[KEPT_BYTES];
    private long written;

    /// Reads to the end of the stream; returns quietly when it breaks.
    void drain(InputStream in) {
        byte[] chunk = new byte[8192];
        try {
            int read = in.read(chunk);
            while (read >= 0) {
                append(chunk, read);
                read = in.read(chunk);
            }
        } catch (IOException e) {
            append(("[" + e.getMessage() + "]").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void append(byte[] text) {
        append(text, text.length);
    }

    private synchronized void append(byte[] chunk, int length) {
        for (int i = 0; i < length; i++) {
            ring[(int) (written++ % KEPT_BYTES)] = chunk[i];
        }
    }

    /// The last lines, for an error report: at most 500 characters.
    synchronized String lastLines() {
        int kept = (int) Math.min(written, KEPT_BYTES);
        byte[] text = new byte[kept];
        for (int i = 0; i < kept; i++) {
            text[i] = ring[(int) ((written - kept + i) % KEPT_BYTES)];
        }
        String all = new String(text, StandardCharsets.UTF_8).strip();
        return all.length() <= 500 ? all : "..." + all.substring(all.length() - 500);
    }
}
