package io.weir.log.planted;

import io.weir.streams.planted.StreamsType;

/// Breaks the direction of data: what comes first looks at what comes later.
public final class LogSeesStreams {
    String name(StreamsType type) {
        return type.name();
    }
}
