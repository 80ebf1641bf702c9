/// The archive and SQL over HTTP: what is archived, archiving now, one SELECT over topics.
@NullMarked
package io.weir.tiered.rest;

import org.jspecify.annotations.NullMarked;
