/// Archived topics as Iceberg tables: their schema, their catalog, the commits. The only door to Iceberg.
@NullMarked
package io.weir.tiered.table;

import org.jspecify.annotations.NullMarked;
