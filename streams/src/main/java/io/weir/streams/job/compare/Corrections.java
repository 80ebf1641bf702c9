package io.weir.streams.job.compare;

import org.jspecify.annotations.Nullable;

/// Rows that are written together or not at all. Used by one thread; closing without a commit takes everything back.
public interface Corrections extends AutoCloseable {
    /// @param value null deletes
    void write(String topic, int partition, byte[] key, byte @Nullable [] value, long timestampMillis);

    /// @throws io.weir.log.fault.WeirException `log-unreachable` (EXTERNAL); nothing is there then
    void commit();

    @Override
    void close();

    /// Opens them; of two that are open for one job the older one can no longer commit.
    interface Opener {
        /// @param operation named in the header of every row
        Corrections open(String job, String operation);
    }
}
