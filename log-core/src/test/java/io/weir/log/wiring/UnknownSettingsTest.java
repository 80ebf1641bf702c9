package io.weir.log.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnknownSettingsTest {
    private static final Set<String> KNOWN = Set.of("weir.log.port", "weir.data.dir");

    @Test
    void anUnknownSettingNamesTheNearestKnownOne() {
        assertThatThrownBy(() -> UnknownSettings.refuse(List.of("weir.log.prot"), KNOWN, Set.of()))
                .hasMessage("Setting 'weir.log.prot': Weir has no such setting. Did you mean 'weir.log.port'?");
    }

    @Test
    void allUnknownOnesAreNamedAtOnce() {
        assertThatThrownBy(() -> UnknownSettings.refuse(List.of("weir.zzzzzzzz", "weir.aaaaaaaa"), KNOWN, Set.of()))
                .hasMessageContaining("'weir.aaaaaaaa'")
                .hasMessageContaining("Unknown as well: weir.zzzzzzzz.");
    }

    @Test
    void knownOnesOpenPrefixesAndOthersPrefixesPass() {
        UnknownSettings.refuse(
                List.of("weir.log.port", "weir.archive.store.anything", "kafka.x", "quarkus.y"),
                KNOWN,
                Set.of("weir.archive.store."));
    }

    @Test
    void aVariableThatIsNoSettingIsSuspect() {
        assertThat(UnknownSettings.suspectVariables(
                        Set.of("WEIR_LOG_PORT", "WEIR_LOG_PROT", "WEIR_HOME", "PATH"), KNOWN, Set.of("WEIR_HOME")))
                .containsExactly("WEIR_LOG_PROT");
    }
}
