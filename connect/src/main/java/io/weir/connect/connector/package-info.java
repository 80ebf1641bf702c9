/// What a connector is to Weir, without any engine: its name in addresses, what of its configuration is secret.
@NullMarked
package io.weir.connect.connector;

import org.jspecify.annotations.NullMarked;
