package io.weir.cli.command;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weir help [COMMAND...]`: also of a command below a command, as `weir help job replay`.
@Command(name = "help", helpCommand = true, description = "Show what a command does and takes: help job replay.")
public final class HelpCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "Default: all commands.")
    private List<String> path = List.of();

    @Override
    public void run() {
        CommandLine self = Objects.requireNonNull(spec).commandLine();
        CommandLine asked = self.getParent();
        for (String name : path) {
            CommandLine below = asked.getSubcommands().get(name);
            if (below == null) {
                throw new ParameterException(
                        asked, "'" + asked.getCommandSpec().qualifiedName() + "' has no command '" + name + "'.");
            }
            asked = below;
        }
        asked.usage(self.getOut());
    }
}
