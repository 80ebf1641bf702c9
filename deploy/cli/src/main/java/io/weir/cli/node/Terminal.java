package io.weir.cli.node;

/// Whether a person looks on. The launcher knows (`test -t`), as `System.console()` answers differently from JDK to
/// JDK.
public final class Terminal {
    private Terminal() {}

    /// Standard output is a terminal: bars may be drawn.
    public static boolean showsOutput() {
        return Boolean.getBoolean("weir.terminal.out");
    }

    /// Standard input is a terminal: questions may be asked.
    public static boolean answers() {
        return Boolean.getBoolean("weir.terminal.in");
    }
}
