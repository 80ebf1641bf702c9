package io.weir.cli;

import io.weir.cli.command.AttachCommand;
import io.weir.cli.command.ConnectCommand;
import io.weir.cli.command.EraseCommand;
import io.weir.cli.command.GroupCommand;
import io.weir.cli.command.HelpCommand;
import io.weir.cli.command.JobCommand;
import io.weir.cli.command.ProduceCommand;
import io.weir.cli.command.SqlCommand;
import io.weir.cli.command.StartCommand;
import io.weir.cli.command.TailCommand;
import io.weir.cli.command.TierCommand;
import io.weir.cli.command.TopicCommand;
import io.weir.cli.command.VerifyCommand;
import io.weir.cli.demo.DemoCommand;
import io.weir.cli.node.CliFailure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Entry point of `./weir`.
@Command(
        name = "weir",
        description = "The streaming log that is its own lake.",
        subcommands = {
            DemoCommand.class,
            StartCommand.class,
            TopicCommand.class,
            ProduceCommand.class,
            TailCommand.class,
            GroupCommand.class,
            ConnectCommand.class,
            JobCommand.class,
            TierCommand.class,
            VerifyCommand.class,
            EraseCommand.class,
            SqlCommand.class,
            AttachCommand.class,
            HelpCommand.class
        },
        footer = {
            "",
            "`./weir test` runs every check that CI runs. Exit codes: 0 done, 1 a check failed, 2 your input, "
                    + "3 something Weir depends on, 4 Weir itself."
        })
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    static int run(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Main());
        takeHelp(commandLine);
        return commandLine
                .setExecutionStrategy(new CommandLine.RunLast())
                .setParameterExceptionHandler(Main::usage)
                .setExecutionExceptionHandler(Main::failed)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /// `--help` does what `help` does, and stands on no page: it would be on each of them.
    private static void takeHelp(CommandLine command) {
        command.getCommandSpec()
                .addOption(OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .hidden(true)
                        .description("Show this.")
                        .build());
        command.getSubcommands().values().stream().distinct().forEach(Main::takeHelp);
    }

    private static int usage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("weir: " + e.getMessage());
        if (!UnmatchedArgumentException.printSuggestions(e, command.getErr())) {
            command.getErr()
                    .println("Usage: see ./weir help"
                            + command.getCommandSpec().qualifiedName().replaceFirst("^weir", ""));
        }
        return CliFailure.USER;
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (e instanceof CliFailure failure) {
            command.getErr().println("weir: " + failure.getMessage());
            return failure.exitCode();
        }
        command.getErr().println("weir: internal error: " + e);
        if (System.getenv("WEIR_DEBUG") != null) {
            e.printStackTrace(command.getErr());
        }
        return CliFailure.INTERNAL;
    }
}
