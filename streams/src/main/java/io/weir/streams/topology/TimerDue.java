package io.weir.streams.topology;

import java.time.Instant;

/// A timer of a custom operator whose time has come, on its way to the node that runs it.
record TimerDue(Instant timer) {}
