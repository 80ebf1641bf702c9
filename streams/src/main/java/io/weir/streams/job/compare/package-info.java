/// What two versions of a job came to, side by side: their results as readers see them, the rows that differ, and
/// whether they were meant to.
@NullMarked
package io.weir.streams.job.compare;

import org.jspecify.annotations.NullMarked;
