package io.weir.tiered.archive.planted;

import io.weir.log.topic.TopicName;

/// Breaks the promise that a stock broker can load the archive.
public final class ArchiveSeesLog {
    Class<?> word() {
        return TopicName.class;
    }
}
