/// The question of [io.weir.examples.DelaysByOrigin] answered the Lambda way, to be compared: a batch in SQL
/// (`deploy/examples/lambda/batch.sql`), a job for what is newer, and code that merges both.
@NullMarked
package io.weir.examples.lambda;

import org.jspecify.annotations.NullMarked;
