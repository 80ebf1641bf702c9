/// Records as they enter and leave the log: plain values, bytes owned by the value.
@NullMarked
package io.weir.log.record;

import org.jspecify.annotations.NullMarked;
