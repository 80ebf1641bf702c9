package io.weir.tiered.rest;

import io.weir.tiered.archive.EraseRequest;
import io.weir.tiered.archive.Janitor;
import io.weir.tiered.archive.TierLag;
import io.weir.tiered.archive.TopicSettings;
import io.weir.tiered.archive.Verifications;

/// What looks after the archive of this node once its log runs.
public interface ArchiveCare {
    /// @throws io.weir.log.fault.WeirException `archive-starting` (503) while the log does not run yet
    Verifications verifications();

    /// @throws io.weir.log.fault.WeirException `archive-starting` (503) while the log does not run yet
    Janitor janitor();

    /// @throws io.weir.log.fault.WeirException `archive-starting` (503) while the log does not run yet
    TierLag lag();

    /// @throws io.weir.log.fault.WeirException `archive-starting` (503) while the log does not run yet
    TopicSettings topics();

    /// @throws io.weir.log.fault.WeirException `archive-starting` (503) while the log does not run yet
    EraseRequest.Memory erasures();
}
