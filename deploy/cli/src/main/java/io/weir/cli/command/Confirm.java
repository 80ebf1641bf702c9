package io.weir.cli.command;

import io.weir.cli.node.CliFailure;
import io.weir.cli.node.Terminal;
import java.nio.charset.StandardCharsets;
import java.util.Scanner;

/// Asks before something is destroyed.
final class Confirm {
    private Confirm() {}

    /// Returns only when the person said yes, or `--yes` was given.
    static void ask(boolean alreadyConfirmed, String question) {
        if (alreadyConfirmed) {
            return;
        }
        if (!Terminal.answers()) {
            throw new CliFailure(CliFailure.USER, question + " Say it with --yes, as there is no terminal to ask on.");
        }
        System.err.print(question + " [y/N] ");
        System.err.flush();
        Scanner input = new Scanner(System.in, StandardCharsets.UTF_8);
        if (!input.hasNextLine() || !input.nextLine().strip().equalsIgnoreCase("y")) {
            throw new CliFailure(CliFailure.USER, "Not done.");
        }
    }
}
