/// Reading topics without a group and without state on a node: bounded ranges, and tails that follow the end.
@NullMarked
package io.weir.log.read;

import org.jspecify.annotations.NullMarked;
