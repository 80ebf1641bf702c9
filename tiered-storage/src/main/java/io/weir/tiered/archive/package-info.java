/// The archive as Kafka sees it: the KIP-405 storage plugin that copies closed segments and serves them again,
/// and what decides which topics are archived. The only door to Kafka's remote-storage SPI and internal record
/// classes.
@NullMarked
package io.weir.tiered.archive;

import org.jspecify.annotations.NullMarked;
