package io.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The shell script `weir`, run as a user's shell would.
class LauncherIT {
    private static final Path LAUNCHER = Path.of("../../weir").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    void theLauncherFindsAJdk21BesideADefault17() throws Exception {
        Path seventeen = jdk("seventeen", "17.0.15");
        jdk("sdkman/candidates/java/25-here", "25.0.3");

        String chosen = run(
                "jdk",
                Map.of(
                        "PATH",
                        seventeen.resolve("bin") + ":/usr/bin:/bin",
                        "SDKMAN_DIR",
                        folder.resolve("sdkman").toString()));

        assertThat(chosen).isNotEqualTo(seventeen.toString());
        assertThat(Files.readString(Path.of(chosen, "release"))).containsPattern("JAVA_VERSION=\"(2[1-9]|[3-9][0-9])");
    }

    @Test
    void theJdkThatIsAskedForWinsOverNewerOnes() throws Exception {
        Path asked = jdk("asked", "21.0.7");
        jdk("sdkman/candidates/java/25-here", "25.0.3");

        assertThat(run("jdk", Map.of("WEIR_JAVA_HOME", asked.toString()))).isEqualTo(asked.toString());
    }

    @Test
    void anAskedForJdkThatIsTooOldIsPassedOver() throws Exception {
        Path old = jdk("old", "11.0.2");
        jdk("sdkman/candidates/java/25-here", "25.0.3");

        String chosen = run(
                "jdk",
                Map.of(
                        "WEIR_JAVA_HOME",
                        old.toString(),
                        "SDKMAN_DIR",
                        folder.resolve("sdkman").toString()));

        assertThat(chosen).isNotEqualTo(old.toString()).isNotEmpty();
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(folder.resolve(name));
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        for (String tool : new String[] {"java", "javac"}) {
            Path script = Files.writeString(home.resolve("bin").resolve(tool), "#!/bin/sh\nexit 1\n");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        return home.toRealPath();
    }

    private static String run(String verb, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder("bash", LAUNCHER.toString(), verb);
        builder.environment().remove("JAVA_HOME");
        builder.environment().remove("WEIR_JAVA_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return output.strip();
    }
}
