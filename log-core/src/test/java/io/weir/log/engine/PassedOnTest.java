package io.weir.log.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PassedOnTest {
    @Test
    void aMistypedNameIsSuspectedWithTheOneItResembles() {
        assertThat(PassedOn.suspects(List.of("log.retenton.ms", "num.io.threads")))
                .singleElement()
                .asString()
                .contains("'kafka.log.retenton.ms'", "Did you mean 'kafka.log.retention.ms'?");
    }

    @Test
    void namesOfPluginsAndListenersAreNotSuspected() {
        assertThat(PassedOn.suspects(
                        List.of("rsm.config.weir.archive.uri", "listener.name.kafka.scram-sha-512.sasl.jaas.config")))
                .isEmpty();
    }
}
