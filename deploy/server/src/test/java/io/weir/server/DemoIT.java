package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo on the first 100,000 flights: the smoke test of the whole path.
class DemoIT {
    @TempDir
    private Path folder;

    @Test
    void theDemoEndsWellAndEveryCheckHolds() throws Exception {
        Cli.Result demo = Cli.runWithInput(
                "",
                240,
                "demo",
                "--records",
                "100000",
                "--data",
                folder.resolve("demo").toString());

        assertThat(demo.out()).as("standard error: %s", demo.err()).contains("All checks held.");
        assertThat(demo.out()).doesNotContain("FAILED");
        assertThat(demo.exitCode()).isZero();
    }
}
