/// How a version reads history: a consumer that delivers records in the order of their events, over all sources of a
/// job, with a throttle, an end and a barrier. Knows Kafka's clients only; what it feeds is none of its business.
@NullMarked
package io.weir.streams.replay;

import org.jspecify.annotations.NullMarked;
