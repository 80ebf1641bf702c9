/// Puts the archive and SQL into the running process: settings, what the broker must know, start with the log,
/// stop before it, health.
@NullMarked
package io.weir.tiered.wiring;

import org.jspecify.annotations.NullMarked;
