package io.weir.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.cli.node.NodeProcess;
import io.weir.cli.source.JobSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/// What a user names as a job: a jar, or one source file that is compiled first.
final class JobFile {
    private JobFile() {}

    /// Uploads it.
    ///
    /// @param spec `class` is added for a source file, unless it is given
    static JsonNode send(Api api, String path, Path file, ObjectNode spec) {
        if (!JobSource.isSource(file)) {
            if (!Files.isRegularFile(file)) {
                throw new CliFailure(CliFailure.USER, "Jar '" + file + "': no such file.");
            }
            return api.postMultipart(path, "jar", file, "spec", spec);
        }
        try {
            Path folder = Files.createTempDirectory("weir-job");
            Path jar = folder.resolve(file.getFileName().toString().replaceFirst("java$", "jar"));
            try {
                String jobClass = new JobSource(file, ToolProvider.getSystemJavaCompiler(), api()).pack(jar);
                if (!spec.has("class")) {
                    spec.put("class", jobClass);
                }
                return api.postMultipart(path, "jar", jar, "spec", spec);
            } finally {
                Files.deleteIfExists(jar);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new CliFailure(CliFailure.USER, "File '" + file + "': " + e.getMessage(), e);
        }
    }

    /// What a job may use, beside the JDK.
    private static List<Path> api() {
        Path folder = NodeProcess.home().resolve("deploy/cli/target/job-api");
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
        } catch (IOException e) {
            throw new CliFailure(CliFailure.INTERNAL, "The streams API is not built: " + folder + " is missing.", e);
        }
    }
}
