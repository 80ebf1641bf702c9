package io.weir.log.cluster;

import io.weir.log.topic.TopicName;
import java.util.concurrent.CompletionStage;

/// The one log cluster of this process. Safe for use by any thread; one instance per process, made by
/// `log.wiring`.
public interface LogCluster {
    /// Completes once the log answers (embedded: broker RUNNING; external: first metadata answer), on an
    /// unspecified thread: dependents that block must move to their own executor. Completes exceptionally when
    /// the node has failed for good. Jobs, connectors, the archive and SQL start on it, never on a start-up
    /// event.
    CompletionStage<LogConnection> running();

    /// Whether a broker runs inside this process. False in external mode and on nodes without the roles `broker`
    /// and `controller`.
    boolean embedded();

    /// Closes the active segment of a partition that this node leads, so that it becomes a candidate for the
    /// archive.
    ///
    /// @throws io.weir.log.fault.WeirException `not-embedded` (409) when there is no broker here or it does not
    ///     lead the partition
    void roll(TopicName topic, int partition);
}
