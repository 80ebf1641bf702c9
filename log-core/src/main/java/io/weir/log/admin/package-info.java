/// What can be asked of the log and done to it: brokers, topics, consumer groups. Each question is one batched
/// call, never one call per topic.
@NullMarked
package io.weir.log.admin;

import org.jspecify.annotations.NullMarked;
