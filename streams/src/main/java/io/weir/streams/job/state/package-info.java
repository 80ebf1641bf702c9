/// What can be asked of the state that a running version keeps. Plain values and the port; the answers are made
/// where Kafka Streams is known.
@NullMarked
package io.weir.streams.job.state;

import org.jspecify.annotations.NullMarked;
