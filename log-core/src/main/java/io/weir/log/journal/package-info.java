/// Weir's own state in compacted topics: one writer at a time, everyone reads, recovery is replay.
@NullMarked
package io.weir.log.journal;

import org.jspecify.annotations.NullMarked;
