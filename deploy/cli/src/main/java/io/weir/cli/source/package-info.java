/// Jobs given as one source file: compiled here, by the user's own JDK, and packed into a jar. The node never
/// compiles.
@NullMarked
package io.weir.cli.source;

import org.jspecify.annotations.NullMarked;
