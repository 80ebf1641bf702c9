/// Where Quarkus meets the log: settings, beans, start and stop, health, the guard of the HTTP door.
@NullMarked
package io.weir.log.wiring;

import org.jspecify.annotations.NullMarked;
