/// What has to stay true of the whole build: the five architecture rules, the versions, and the names in the
/// docs.
package io.weir.architecture;
