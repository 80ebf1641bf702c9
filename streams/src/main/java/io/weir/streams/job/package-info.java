/// Jobs and their versions: what runs, in which state, and the record of it that survives a restart.
@NullMarked
package io.weir.streams.job;

import org.jspecify.annotations.NullMarked;
