/// Kafka Connect's REST API on Weir's HTTP port: addresses and bytes only, the answers come from the worker.
@NullMarked
package io.weir.connect.rest;

import org.jspecify.annotations.NullMarked;
