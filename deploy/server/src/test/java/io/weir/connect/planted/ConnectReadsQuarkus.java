package io.weir.connect.planted;

import io.quarkus.runtime.StartupEvent;
import jakarta.inject.Inject;

/// Breaks the edge.
public final class ConnectReadsQuarkus {
    @Inject
    StartupEvent event;
}
