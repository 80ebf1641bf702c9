/// From a plan to a running Kafka Streams topology: the only door to `org.apache.kafka.streams`.
@NullMarked
package io.weir.streams.topology;

import org.jspecify.annotations.NullMarked;
