package io.weir.tiered.query.process;

/// The child died, or sent what is no frame, while it was needed. Says how it ended and what it wrote last.
public final class ChildLost extends Exception {
    private static final long serialVersionUID = 1L;

    ChildLost(String message) {
        super(message);
    }
}
