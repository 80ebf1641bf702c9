/// The log over HTTP: topics, records, groups in the Confluent v3 shape, and the one place where failures of all
/// modules become RFC 9457 problems.
@NullMarked
package io.weir.log.rest;

import org.jspecify.annotations.NullMarked;
