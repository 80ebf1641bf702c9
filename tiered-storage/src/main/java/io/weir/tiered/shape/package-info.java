/// Exact shredding of values into typed columns, and back. A *shape* is a value's text with its leaves replaced by
/// typed holes; the leaves stand in columns. Pure Java: no Kafka, no Parquet, no tree of the value in between.
@NullMarked
package io.weir.tiered.shape;

import org.jspecify.annotations.NullMarked;
