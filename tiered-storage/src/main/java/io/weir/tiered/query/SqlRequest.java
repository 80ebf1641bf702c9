package io.weir.tiered.query;

import io.weir.tiered.query.process.ChildStatement;
import java.time.Duration;

/// One statement to run.
///
/// @param principal who asks; a child process serves one principal only
/// @param asOf the cut to answer at; `AsOf.now()` for the newest
/// @param explain answer DuckDB's plan instead of rows
/// @param maxRows rows after which the answer is truncated, at least 1
/// @param timeLimit for everything, planning and fetching included
public record SqlRequest(
        String sql,
        String principal,
        AsOf asOf,
        boolean explain,
        long maxRows,
        Duration timeLimit,
        ChildStatement.Format format) {}
