/// Connectors that read files into a topic and write a topic into files: NDJSON, CSV and plain lines. They
/// use Connect's public API only, so any Connect worker can load them.
@NullMarked
package io.weir.connect.library.file;

import org.jspecify.annotations.NullMarked;
