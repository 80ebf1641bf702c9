/// The node's side of the SQL children: starting, leasing, limiting and replacing the processes that run user SQL.
@NullMarked
package io.weir.tiered.query.process;

import org.jspecify.annotations.NullMarked;
