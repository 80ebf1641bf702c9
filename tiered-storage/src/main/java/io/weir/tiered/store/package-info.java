/// Where the archive's objects lie: a small port for any store, and the only door to Hadoop's file systems.
@NullMarked
package io.weir.tiered.store;

import org.jspecify.annotations.NullMarked;
