package io.weir.tiered.query;

/// The end of an answer.
///
/// @param truncated whether there were more rows than `maxRows`, or more bytes than an answer may have
public record SqlAnswer(String queryId, long rows, boolean truncated, Stats stats) {
    /// @param filesPlanned Parquet files of the archive that were read
    /// @param filesPruned files of the archive that were not, as no row of theirs counts
    /// @param bytesFetched bytes copied from a store; files of a local store are read in place
    /// @param hotRecords records in the part of the topics that is not in the archive
    public record Stats(int filesPlanned, int filesPruned, long bytesFetched, long hotRecords, long elapsedMillis) {}
}
