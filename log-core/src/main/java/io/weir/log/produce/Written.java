package io.weir.log.produce;

import io.weir.log.topic.Offset;
import io.weir.log.topic.TopicName;
import java.time.Instant;

/// Where an acknowledged record lies: every in-sync replica has it.
///
/// @param timestamp as the log keeps it, which on topics with `message.timestamp.type=LogAppendTime` is the
///     broker's
public record Written(TopicName topic, int partition, Offset offset, Instant timestamp) {}
