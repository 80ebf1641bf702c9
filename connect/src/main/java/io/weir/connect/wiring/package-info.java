/// Ties the Connect worker to the process: settings, start, stop, health.
@NullMarked
package io.weir.connect.wiring;

import org.jspecify.annotations.NullMarked;
