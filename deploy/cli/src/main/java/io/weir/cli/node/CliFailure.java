package io.weir.cli.node;

import org.jspecify.annotations.Nullable;

/// A command that could not do what it was asked: one line for the person, one exit code for the script.
public final class CliFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// 1: a check did not hold.
    public static final int CHECK = 1;
    /// 2: the caller can mend it.
    public static final int USER = 2;
    /// 3: something Weir depends on, the node included.
    public static final int EXTERNAL = 3;
    /// 4: Weir itself.
    public static final int INTERNAL = 4;

    private final int exitCode;

    public CliFailure(int exitCode, String message) {
        this(exitCode, message, null);
    }

    public CliFailure(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
