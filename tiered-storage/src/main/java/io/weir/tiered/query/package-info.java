/// SQL over topics, hot and cold together, exact at one offset vector. Plans in the node; DuckDB executes in child
/// processes. The only door to DuckDB and JDBC.
@NullMarked
package io.weir.tiered.query;

import org.jspecify.annotations.NullMarked;
