/// A job of a user who writes Kafka Streams: outside Weir's own packages, where Kafka Streams has one door.
@NullMarked
package org.example.routes;

import org.jspecify.annotations.NullMarked;
