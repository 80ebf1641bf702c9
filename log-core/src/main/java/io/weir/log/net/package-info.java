/// Addresses and ports of this machine: what is free, what is taken, what others can reach.
@NullMarked
package io.weir.log.net;

import org.jspecify.annotations.NullMarked;
