package io.weir.connect.planted;

import io.weir.streams.planted.StreamsType;

/// Breaks the direction of data: a sibling looks at a sibling.
public final class ConnectSeesStreams {
    String name(StreamsType type) {
        return type.name();
    }
}
