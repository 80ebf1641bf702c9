/// The life of jobs: deployed, run, watched, restarted, stopped and removed. [io.weir.streams.job.life.Jobs]
/// is
/// what the REST API calls; [io.weir.streams.job.life.Reconciler] makes this node run what the registry says.
@NullMarked
package io.weir.streams.job.life;

import org.jspecify.annotations.NullMarked;
