/// Puts the modules together where one of them asks for what another one has.
@NullMarked
package io.weir.server;

import org.jspecify.annotations.NullMarked;
