package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Memory does not grow with a segment: neither with its bytes nor with the count of its batches.
class LargeSegmentIT {
    @TempDir
    Path folder;

    @Test
    void aHundredThousandOneRecordBatchesFitASmallHeap() throws Exception {
        assertRoundTrip(100_000, "-Xmx96m");
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void aSegmentOfOneGibibyteInTenMillionBatchesFitsAHeapOf256Megabytes() throws Exception {
        assertRoundTrip(10_400_000, "-Xmx256m");
    }

    private void assertRoundTrip(int batches, String heap) throws Exception {
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        heap,
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LargeSegmentCopy.class.getName(),
                        folder.toString(),
                        Integer.toString(batches))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(15, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        assertThat(process.exitValue()).as("%s", lines).isZero();
        assertThat(lines).contains("raw 0");
        assertThat(after("served ", lines)).isEqualTo(after("segment ", lines)).hasSize(64);
    }

    private static String after(String label, List<String> lines) {
        return lines.stream()
                .filter(line -> line.startsWith(label))
                .map(line -> line.substring(label.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError(label + "is missing in " + lines));
    }
}
