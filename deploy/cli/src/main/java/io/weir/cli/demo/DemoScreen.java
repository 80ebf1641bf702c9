package io.weir.cli.demo;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// What the demo shows: one line a step with the seconds since its start, and a bar where a step takes long.
final class DemoScreen {
    private static final int BAR_WIDTH = 16;

    private final PrintStream out;
    private final boolean terminal;
    private final long startNanos = System.nanoTime();
    private boolean barShown;
    private int failures;

    DemoScreen(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }

    void plain(String text) {
        clearBar();
        out.println(text);
    }

    void step(String name, String text) {
        clearBar();
        out.printf(Locale.ROOT, "[%5.1f s] %-12s %s%n", seconds(), name, text);
        out.flush();
    }

    /// A step's result that is a check: `OK`, or `FAILED` with the reason on a line of its own.
    void check(String name, String text, boolean held, Supplier<String> why) {
        step(name, text + "   " + (held ? "OK" : "FAILED"));
        if (!held) {
            failures++;
            plain("            " + why.get());
        }
    }

    /// How many checks did not hold.
    int failures() {
        return failures;
    }

    /// Told how much of a step is done, draws its bar.
    LongConsumer bar(String name, long total) {
        double began = seconds();
        return done -> progress(name, done, total, done / Math.max(0.001, seconds() - began));
    }

    /// Draws over itself on a terminal; silent otherwise.
    void progress(String name, long done, long total, double rate) {
        if (!terminal) {
            return;
        }
        int filled = (int) Math.min(BAR_WIDTH, total == 0 ? BAR_WIDTH : done * BAR_WIDTH / total);
        String eta = rate > 0 ? String.format(Locale.ROOT, " · %.0f s left", Math.max(0, (total - done) / rate)) : "";
        out.printf(
                Locale.ROOT,
                "\r[%5.1f s] %-12s %s%s %,d of %,d (%,.0f k/s%s)   ",
                seconds(),
                name,
                "█".repeat(filled),
                "░".repeat(BAR_WIDTH - filled),
                done,
                total,
                rate / 1000,
                eta);
        out.flush();
        barShown = true;
    }

    private void clearBar() {
        if (barShown) {
            out.print("\r" + " ".repeat(100) + "\r");
            barShown = false;
        }
    }

    static String megabytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
