/// Places where a test lets a node die, hang or fail. Never anything else's business.
@NullMarked
package io.weir.tiered.failpoint;

import org.jspecify.annotations.NullMarked;
