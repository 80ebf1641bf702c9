/// Writing to topics: each record's stage completes with the place the log gave it.
@NullMarked
package io.weir.log.produce;

import org.jspecify.annotations.NullMarked;
