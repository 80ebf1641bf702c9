package io.weir.streams.job.life;

/// Decides which of several nodes does something that only one may do.
interface Turns {
    /// Queues up; returns at once. Who opened it closes it.
    ///
    /// @param name the same on all nodes
    Turn open(String name);

    /// One node's place in a queue. Safe for use by any thread.
    interface Turn extends AutoCloseable {
        /// Whether it is this node's turn; never blocks. Another node may believe the same for some seconds
        /// when this
        /// one has lost its connection.
        boolean isMine();

        @Override
        void close();
    }
}
