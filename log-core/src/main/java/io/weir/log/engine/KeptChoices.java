package io.weir.log.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.UnaryOperator;

/// What a first start chose and later starts keep: the file `meta/node.json`.
///
/// ```json {"kafkaPort":39401,"controllerPort":39402,"httpPort":39403,"controllers":["127.0.0.1:39402"]}
/// ```
///
/// @param kafkaPort 0 = not chosen yet
/// @param controllerPort 0 = not chosen yet
/// @param httpPort 0 = not chosen yet
/// @param controllers the quorum's addresses as last seen: where a restarted node looks for its peers
public record KeptChoices(int kafkaPort, int controllerPort, int httpPort, List<String> controllers) {
    private static final String FILE_NAME = "node.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    public KeptChoices {
        controllers = controllers == null ? List.of() : List.copyOf(controllers);
    }

    /// Nothing chosen yet.
    public static KeptChoices none() {
        return new KeptChoices(0, 0, 0, List.of());
    }

    /// What lies in a node's data directory; nothing when there is none.
    ///
    /// @throws WeirException `data-directory-damaged` when the file is not what Weir wrote
    public static KeptChoices read(Path dataDirectory) {
        Path file = file(dataDirectory);
        if (!Files.exists(file)) {
            return none();
        }
        try {
            return JSON.readValue(file.toFile(), KeptChoices.class);
        } catch (IOException e) {
            throw new WeirException(
                    "data-directory-damaged",
                    Whose.USER,
                    "Data directory '" + dataDirectory + "': " + file + " is no JSON of Weir's. Remove the file; ports"
                            + " are then chosen again.",
                    e);
        }
    }

    /// Reads, changes and replaces the file; one change at a time in this process. The caller holds the
    /// directory.
    public static void change(Path dataDirectory, UnaryOperator<KeptChoices> change) {
        synchronized (KeptChoices.class) {
            KeptChoices before = read(dataDirectory);
            KeptChoices after = change.apply(before);
            if (!after.equals(before)) {
                after.write(dataDirectory);
            }
        }
    }

    private void write(Path dataDirectory) {
        Path file = file(dataDirectory);
        try {
            Path next = file.resolveSibling(FILE_NAME + ".next");
            JSON.writeValue(next.toFile(), this);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new WeirException(
                    "data-directory-unusable",
                    Whose.USER,
                    "Data directory '" + dataDirectory + "': cannot write " + file + " (" + DataDirectory.reason(e)
                            + ").",
                    e);
        }
    }

    public KeptChoices withPorts(int kafka, int controller) {
        return new KeptChoices(kafka, controller, httpPort, controllers);
    }

    public KeptChoices withHttpPort(int port) {
        return new KeptChoices(kafkaPort, controllerPort, port, controllers);
    }

    public KeptChoices withControllers(List<String> addresses) {
        return new KeptChoices(kafkaPort, controllerPort, httpPort, addresses);
    }

    private static Path file(Path dataDirectory) {
        return dataDirectory.resolve("meta").resolve(FILE_NAME);
    }
}
