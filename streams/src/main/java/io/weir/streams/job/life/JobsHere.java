package io.weir.streams.job.life;

/// The way to the jobs of this process, which are there only once the log runs and the registry is read.
@FunctionalInterface
public interface JobsHere {
    /// Never blocks.
    ///
    /// @throws io.weir.log.fault.WeirException `jobs-starting` (503) before, `jobs-not-here` (409) on a node
    ///     without the role `jobs`
    Jobs jobs();
}
