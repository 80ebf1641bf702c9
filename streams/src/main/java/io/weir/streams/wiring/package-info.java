/// Puts the jobs into the running process: settings, start with the log, stop before it, health.
@NullMarked
package io.weir.streams.wiring;

import org.jspecify.annotations.NullMarked;
