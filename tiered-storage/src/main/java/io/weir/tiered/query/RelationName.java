package io.weir.tiered.query;

import io.weir.log.topic.TopicName;

/// What a table name in a statement stands for.
///
/// @param written as in the statement
record RelationName(String written, TopicName topic, Half half) {}
