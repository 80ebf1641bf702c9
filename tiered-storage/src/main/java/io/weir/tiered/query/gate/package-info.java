/// Decides from the syntax tree whether a statement may run at all: one SELECT over topics, nothing that could
/// reach a file, the network, a setting or another statement. What is not known is refused.
@NullMarked
package io.weir.tiered.query.gate;

import org.jspecify.annotations.NullMarked;
