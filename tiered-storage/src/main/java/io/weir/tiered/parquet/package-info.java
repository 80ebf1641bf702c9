/// Records as Parquet files with the nine fixed columns, and back: the only door to `org.apache.parquet`.
@NullMarked
package io.weir.tiered.parquet;

import org.jspecify.annotations.NullMarked;
