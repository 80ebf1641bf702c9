/// What tests import that need a node: one in the test's own JVM, its clients, and the history of an archive.
@NullMarked
package io.weir.testing;

import org.jspecify.annotations.NullMarked;
