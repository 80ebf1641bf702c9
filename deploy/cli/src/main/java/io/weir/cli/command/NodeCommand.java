package io.weir.cli.command;

import io.weir.cli.node.Api;
import io.weir.cli.node.NodeLocator;
import io.weir.cli.node.Printer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// What every command that talks to a node shares: where the node is and whether the answer is for people or
/// programs.
abstract class NodeCommand implements Runnable {
    @Option(
            names = "--server",
            paramLabel = "URL",
            scope = ScopeType.LOCAL,
            description = "The node's HTTP address. Default: WEIR_SERVER, then the node on ./weir-data or ./weir-demo.")
    private @Nullable String server;

    @Option(names = "--data", paramLabel = "FOLDER", description = "The data folder of the node to talk to.")
    private @Nullable Path data;

    @Option(names = "--json", description = "Print JSON and nothing else.")
    private boolean json;

    private final Printer printer = new Printer(System.out);

    Api api() {
        return new Api(NodeLocator.locate(server, data));
    }

    boolean wantsJson() {
        return json;
    }

    Printer printer() {
        return printer;
    }
}
