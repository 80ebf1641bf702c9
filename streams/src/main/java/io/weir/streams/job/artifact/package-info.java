/// Job jars: checked, cut into chunks, kept in the compacted topic `__weir_artifacts`, and loaded again into a
/// class loader of their own.
@NullMarked
package io.weir.streams.job.artifact;

import org.jspecify.annotations.NullMarked;
