package io.weir.tiered.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.tiered.failpoint.Failpoint;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `WEIR_FAILPOINT` arms one place and says what is wrong with it otherwise.
class FailpointVariableTest {
    @AfterEach
    void disarm() {
        Failpoint.disarm();
    }

    @Test
    void withoutTheVariableNoPlaceDoesAnything() {
        FailpointVariable.armed("");

        for (Failpoint point : Failpoint.values()) {
            assertThatCode(point::reach).doesNotThrowAnyException();
        }
    }

    @Test
    void onlyTheArmedPlaceFails() {
        FailpointVariable.armed("after-upload:throw");

        assertThatCode(Failpoint.BEFORE_UPLOAD::reach).doesNotThrowAnyException();
        assertThatThrownBy(Failpoint.AFTER_UPLOAD::reach)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Failpoint 'after-upload': fails.");
    }

    @Test
    void aDelayOnlyWaits() {
        FailpointVariable.armed("before-commit:delay=1");

        assertThatCode(Failpoint.BEFORE_COMMIT::reach).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "before-uplaod, Did you mean 'before-upload'?",
                "before-upload:stop, 'stop' must be halt",
                "before-upload:delay=soon, got 'soon'"
            })
    void whatCannotBeIsRefused(String variable, String said) {
        assertThatThrownBy(() -> FailpointVariable.armed(variable))
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("WEIR_FAILPOINT")
                .hasMessageContaining(said);
    }

    @Test
    void itIsNoSetting() {
        assertThat(ArchiveConfig.known().names()).doesNotContain("weir.failpoint");
        assertThat(LakeConfig.known().names()).doesNotContain("weir.failpoint");
    }
}
