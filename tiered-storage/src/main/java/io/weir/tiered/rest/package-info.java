/// The archive over HTTP: what is archived, and archiving now. (SQL has its resource here, too.)
@NullMarked
package io.weir.tiered.rest;

import org.jspecify.annotations.NullMarked;
