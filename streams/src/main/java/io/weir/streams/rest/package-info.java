/// Jobs over HTTP: `/jobs`. Parses requests, calls [io.weir.streams.job.life.Jobs], writes answers.
@NullMarked
package io.weir.streams.rest;

import org.jspecify.annotations.NullMarked;
