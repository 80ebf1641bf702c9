package io.weir.connect.planted;

/// Breaks the broker's door.
public final class ConnectReadsTheBroker {
    Class<?> engine() {
        return org.apache.kafka.raft.RaftClient.class;
    }
}
