/// Failures that know whose they are; the one exception type that the REST layer turns into an RFC 9457 problem.
@NullMarked
package io.weir.log.fault;

import org.jspecify.annotations.NullMarked;
