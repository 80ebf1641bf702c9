/// Columns of a topic: inferred from a sample of its JSON values, pinned, only ever added to, and turned into one
/// set of SQL expressions over the raw value that hot and cold rows share.
@NullMarked
package io.weir.tiered.query.schema;

import org.jspecify.annotations.NullMarked;
