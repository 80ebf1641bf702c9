/// What Weir knows about its jobs: one JSON value per job in the compacted topic `__weir_jobs`. A request becomes
/// an event, and [io.weir.streams.job.registry.Job#apply] is the only place where an event becomes the job's next
/// value.
@NullMarked
package io.weir.streams.job.registry;

import org.jspecify.annotations.NullMarked;
