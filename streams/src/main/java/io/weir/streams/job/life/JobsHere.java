package io.weir.streams.job.life;

import java.net.URI;

/// The way to the jobs of this process, which are there only once the log runs and the registry is read.
public interface JobsHere {
    /// The jobs; while they open, waits for them for a bounded time, so that a request to a node that has
    /// just
    /// started is served rather than refused.
    ///
    /// @throws io.weir.log.fault.WeirException `jobs-starting` (503) if they are not there in time,
    ///     `jobs-not-here` (409) on a node without the role `jobs`
    Jobs jobs();

    /// The same without waiting.
    Jobs jobsNow();

    /// Where other nodes reach this one over HTTP; ends with a slash.
    URI address();
}
