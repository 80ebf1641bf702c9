package io.weir.streams.rest;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.life.DeployRequest;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.jboss.resteasy.reactive.PartType;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

/// The multipart body of `POST /jobs` and `POST /jobs/plan`: the file part `jar`, and either one JSON part `spec`
/// (`{"job":..,"class":..,"config":{..}}`) or its members as parts of their own. A part of its own wins.
public class JobUpload {
    @RestForm("jar")
    @Nullable
    FileUpload jar;

    @RestForm("spec")
    @PartType(MediaType.TEXT_PLAIN)
    @Nullable
    String spec;

    @RestForm("job")
    @PartType(MediaType.TEXT_PLAIN)
    @Nullable
    String job;

    @RestForm("class")
    @PartType(MediaType.TEXT_PLAIN)
    @Nullable
    String className;

    @RestForm("config")
    @PartType(MediaType.TEXT_PLAIN)
    @Nullable
    String config;

    /// @throws WeirException `part-missing`, `spec-invalid`, `json-malformed`
    DeployRequest request() {
        FileUpload file = jar;
        if (file == null) {
            throw new WeirException(
                    "part-missing",
                    Whose.USER,
                    "Part 'jar': is missing. Send multipart/form-data with the jar as a file part:"
                            + " curl -F jar=@job.jar -F class=shop.Revenue ...");
        }
        JobSpec members = (spec == null ? JobSpec.EMPTY : JobSpec.parse("Part 'spec'", spec))
                .with(job, className, config == null ? Map.of() : JobSpec.settings("Part 'config'", config));
        String name = file.fileName() == null || file.fileName().isBlank() ? "jar" : file.fileName();
        return new DeployRequest(members.job(), members.className(), members.config(), name, file.uploadedFile());
    }
}
