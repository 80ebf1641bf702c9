package io.weir.streams.job.life;

import io.weir.streams.job.compare.Corrections;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.registry.JobRegistry;
import java.time.Clock;
import java.time.Duration;

/// What everything that runs or drives jobs on this node shares.
///
/// @param stopTimeout how long a run may take to stop cleanly
record NodeParts(
        JobRegistry registry,
        VersionStarter starter,
        JobCluster cluster,
        ResultReader reader,
        Corrections.Opener corrections,
        Turns turns,
        StateFolders folders,
        Clock clock,
        Duration stopTimeout) {}
