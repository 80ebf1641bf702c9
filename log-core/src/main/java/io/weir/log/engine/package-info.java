/// The only door to the broker's internals: one Kafka node (controller, broker or both) composed, started,
/// watched and stopped inside this process.
@NullMarked
package io.weir.log.engine;

import org.jspecify.annotations.NullMarked;
