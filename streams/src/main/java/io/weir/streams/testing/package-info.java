/// What the tests of a job import: a driver that runs the job in the test's own thread, on a clock the test
/// sets.
@NullMarked
package io.weir.streams.testing;

import org.jspecify.annotations.NullMarked;
