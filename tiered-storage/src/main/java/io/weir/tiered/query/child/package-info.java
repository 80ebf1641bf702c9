/// The program that runs user SQL in a process of its own: it reads frames on standard input, lets DuckDB work in
/// a fresh, locked, in-memory database per statement and writes frames on standard output.
///
/// Self-contained: imports the JDK, jackson-core and DuckDB's JDBC driver only. It trusts its parent, not the SQL.
@NullMarked
package io.weir.tiered.query.child;

import org.jspecify.annotations.NullMarked;
