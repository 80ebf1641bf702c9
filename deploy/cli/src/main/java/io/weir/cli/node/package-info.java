/// A node as the command line sees it: finding it, starting it, talking to it.
@NullMarked
package io.weir.cli.node;

import org.jspecify.annotations.NullMarked;
