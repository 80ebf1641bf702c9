/// The demo: one node, a million real flights, the whole path from file to SQL, every step checked.
@NullMarked
package io.weir.cli.demo;

import org.jspecify.annotations.NullMarked;
