/// The vocabulary of topics: plain values that every part of Weir shares. No I/O, no engine type.
@NullMarked
package io.weir.log.topic;

import org.jspecify.annotations.NullMarked;
