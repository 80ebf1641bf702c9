package io.weir.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class HelpTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String line) {
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return commandLine.execute(line.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"help job replay", "job replay --help", "job replay -h", "job replay orders --help"})
    void aCommandBelowACommandIsExplained(String line) {
        assertThat(run(line)).isZero();
        assertThat(out.toString()).startsWith("Usage: weir job replay");
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help"})
    void allCommandsAreListed(String line) {
        assertThat(run(line)).isZero();
        assertThat(out.toString()).startsWith("Usage: weir").contains("  job ").contains("  sql ");
    }

    @Test
    void aWrongUseNamesTheHelpThatExplainsIt() {
        assertThat(run("job replay --nonsense")).isEqualTo(2);
        assertThat(err.toString()).contains("./weir help job replay");
    }

    @Test
    void anUnknownCommandIsToldWhereItIsMissing() {
        assertThat(run("help job jump")).isEqualTo(2);
        assertThat(err.toString()).contains("'weir job' has no command 'jump'.").contains("./weir help job");
    }
}
