package io.weir.streams.topology;

/// A plan whose history cannot be proven to fold alike from columns.
final class FoldRefused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param stage which does not allow it
    /// @param why the rule, what stands there instead
    FoldRefused(String stage, String why) {
        super("stage '" + stage + "': " + why);
    }
}
