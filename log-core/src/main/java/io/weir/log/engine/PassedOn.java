package io.weir.log.engine;

import io.weir.log.fault.NearestName;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import kafka.server.KafkaConfig;

/// Looks at what is passed on to Kafka. It takes any name, as plugins and listeners have names of their own, so a
/// mistyped one is only suspected, never refused.
final class PassedOn {
    private PassedOn() {}

    /// A sentence for each name that Kafka does not know and that is close to one it does.
    ///
    /// @param names without the prefix `kafka.`
    static List<String> suspects(Collection<String> names) {
        Set<String> known = KafkaConfig.configDef().names();
        return names.stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .map(name -> sentence(name, NearestName.among(known, name)))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<String> sentence(String name, Optional<String> near) {
        return near.map(known -> "Setting 'kafka." + name
                + "': Kafka's broker has no such setting; it is passed on as it is. Did you mean 'kafka." + known
                + "'?");
    }
}
