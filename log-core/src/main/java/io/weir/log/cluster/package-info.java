/// The log as the rest of Weir sees it: how to reach it, when it is up, and what others may ask of its brokers.
/// Embedded node and external cluster look the same from here.
@NullMarked
package io.weir.log.cluster;

import org.jspecify.annotations.NullMarked;
