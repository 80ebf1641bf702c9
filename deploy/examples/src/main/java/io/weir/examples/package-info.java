/// Jobs that the documentation shows; each is run by a test.
@NullMarked
package io.weir.examples;

import org.jspecify.annotations.NullMarked;
