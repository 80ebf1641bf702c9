package io.weir.streams.topology;

/// Records that were folded from columns and cannot become part of what the job has: they must neither be lost nor
/// become a dead letter, so it ends the run.
final class FoldStopped extends Error {
    private static final long serialVersionUID = 1L;

    FoldStopped(String stage) {
        super("Stage '" + stage
                + "': a sum has come near to what a long can hold, and rows that were folded from columns"
                + " cannot be added one by one. Replay with tier T2, or sum decimals.");
    }
}
