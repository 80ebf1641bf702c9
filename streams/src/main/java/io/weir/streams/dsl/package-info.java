/// The language a job is written in, and the plan it makes: plain Java, no Kafka type in sight.
@NullMarked
package io.weir.streams.dsl;

import org.jspecify.annotations.NullMarked;
