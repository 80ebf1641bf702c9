/// The only door to Kafka Connect's runtime: hosts its herder in this process and answers its REST API in plain
/// values.
@NullMarked
package io.weir.connect.worker;

import org.jspecify.annotations.NullMarked;
