package io.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The page of commands is what `./weir help` prints.
class CliPageTest {
    private static final Path PAGE = Path.of("../../docs/reference/cli.md");

    @Test
    void thePageSaysWhatHelpSays() throws Exception {
        StringBuilder page = new StringBuilder("""
                # Command line

                Made from the commands' own help: `mvn -pl deploy/cli test -Dtest=CliPageTest -Dweir.docs.write=true` writes it anew.

                `--json` prints one object, or one a line, and nothing else on stdout. A node is found by `--server URL`, `WEIR_SERVER`, `--data FOLDER`, `./weir-demo`, in that order. Exit codes: 0 done, 1 a check failed, 2 your input, 3 something Weir depends on, 4 Weir itself.
                """);

        append(page, Main.commandLine());

        if (Boolean.getBoolean("weir.docs.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(page.toString());
    }

    private static void append(StringBuilder page, CommandLine command) {
        page.append("\n## ").append(command.getCommandSpec().qualifiedName()).append("\n\n```\n");
        command.getUsageMessage(Ansi.OFF)
                .lines()
                .map(String::stripTrailing)
                .forEach(line -> page.append(line).append('\n'));
        page.append("```\n");
        command.getSubcommands().values().stream()
                .distinct()
                .filter(sub -> !sub.getCommandName().equals("help"))
                .forEach(sub -> append(page, sub));
    }
}
