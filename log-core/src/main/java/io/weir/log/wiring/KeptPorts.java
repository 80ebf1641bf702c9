package io.weir.log.wiring;

import io.weir.log.engine.KeptChoices;
import java.nio.file.Path;

/// The HTTP port among the choices a node keeps for later starts. Used only where an engine runs.
final class KeptPorts {
    private KeptPorts() {}

    /// The port of the last start, 0 when there was none.
    static int http(Path dataDirectory) {
        return KeptChoices.read(dataDirectory).httpPort();
    }

    static void keepHttp(Path dataDirectory, int port) {
        KeptChoices.change(dataDirectory, kept -> kept.withHttpPort(port));
    }
}
