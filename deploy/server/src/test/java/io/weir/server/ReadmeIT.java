package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands of README.md, run as they stand there (the blocks marked `run`), against a node on free
/// ports.
class ReadmeIT {
    private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    private static final Pattern RUN_BLOCK = Pattern.compile("<!-- run -->\\s*```[a-z]*\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void everyReadmeCommandRuns() throws Exception {
        Map<String, String> settings = Map.of(
                "weir.connect.files.allowed",
                ROOT.resolve("deploy/examples/data").toString());
        try (WeirProcess node = WeirProcess.start(folder.resolve("data"), settings)) {
            StringBuilder script = new StringBuilder("set -eu -o pipefail\n");
            script.append(
                    "weir() { \"$JAVA\" -Dweir.home=\"$PWD\" -cp 'deploy/cli/target/weir-cli/*' io.weir.cli.Main \"$@\"; }\n");
            Matcher blocks = RUN_BLOCK.matcher(Files.readString(ROOT.resolve("README.md")));
            while (blocks.find()) {
                script.append(blocks.group(1)
                        .replace("./weir ", "weir ")
                        .replace("http://localhost:8080", node.http().toString()));
            }
            Path output = folder.resolve("output.txt");
            ProcessBuilder bash = new ProcessBuilder(List.of("bash", "-c", script.toString()))
                    .directory(ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile());
            bash.environment().put("WEIR_SERVER", node.http().toString());
            bash.environment()
                    .put(
                            "JAVA",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString());
            Process process = bash.start();
            try {
                assertThat(process.waitFor(240, TimeUnit.SECONDS))
                        .as("the script ended")
                        .isTrue();
            } finally {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(process.exitValue()).as(said).isZero();
            assertThat(said).contains("10 records written to 'mine'").containsPattern("10\\s+55");
        }
    }
}
