package io.weir.tiered.archive;

/// How copies share the machine with what answers clients.
///
/// @param niceness of the threads that encode, 0 (as everything else) to 19 (only what nobody else wants)
/// @param backlogBytes closed bytes of one partition that may wait for the archive before its copies stop to yield
public record CopyPace(int niceness, long backlogBytes) {
    static final int MOST_NICE = 19;
}
