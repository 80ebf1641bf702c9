/// Places at which a test lets a node die while one version takes over from another, or history is corrected.
@NullMarked
package io.weir.streams.job.failpoint;

import org.jspecify.annotations.NullMarked;
