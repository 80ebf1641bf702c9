package io.weir.log.cluster;

import java.util.Set;

/// The `weir.*` settings a module reads. Each module contributes one CDI bean; at start a `weir.*` setting that no
/// module knows ends the node with an error that names the nearest known one.
public interface KnownSettings {
    /// Full names: `weir.log.port`.
    Set<String> names();

    /// Prefixes below which any name is allowed, each ending in a dot: `weir.archive.store.`; usually none.
    Set<String> openPrefixes();

    /// Names without open prefixes.
    static KnownSettings of(String... names) {
        Set<String> all = Set.of(names);
        return new KnownSettings() {
            @Override
            public Set<String> names() {
                return all;
            }

            @Override
            public Set<String> openPrefixes() {
                return Set.of();
            }
        };
    }
}
