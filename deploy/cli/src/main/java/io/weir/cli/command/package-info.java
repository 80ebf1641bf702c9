/// The commands: each is a thin layer over the node's REST interface, so that everything it does can be done with
/// curl.
@NullMarked
package io.weir.cli.command;

import org.jspecify.annotations.NullMarked;
