package io.weir.tiered.rest;

import io.weir.tiered.archive.ArchivedRecords;
import io.weir.tiered.archive.Archiving;
import io.weir.tiered.archive.RemoteLogFold;
import io.weir.tiered.archive.SegmentRewrites;
import io.weir.tiered.archive.TierNow;
import io.weir.tiered.store.ObjectStore;
import io.weir.tiered.table.LakeTables;

/// The archive of this node once its log runs.
public interface ArchiveHere {
    /// @throws io.weir.log.fault.WeirException `archive-starting` (503) while the log does not run yet
    Parts parts();

    /// What the endpoints are made of. Safe for use by any thread.
    ///
    /// @param records for readers past the broker
    /// @param store of everything archived
    record Parts(
            RemoteLogFold fold,
            Archiving archiving,
            TierNow tierNow,
            LakeTables lake,
            SegmentRewrites rewrites,
            ArchivedRecords records,
            ObjectStore store) {}
}
