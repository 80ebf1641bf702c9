package io.weir.log.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StartPositionTest {
    @Test
    void readsEachForm() {
        assertThat(StartPosition.parse("1200")).isEqualTo(new StartPosition.At(1200));
        assertThat(StartPosition.parse("earliest")).isEqualTo(new StartPosition.Earliest());
        assertThat(StartPosition.parse("latest")).isEqualTo(new StartPosition.Latest());
        assertThat(StartPosition.parse("last:50")).isEqualTo(new StartPosition.Last(50));
        assertThat(StartPosition.parse("time:2026-01-31T00:00:00Z"))
                .isEqualTo(new StartPosition.Time(Instant.parse("2026-01-31T00:00:00Z")));
        assertThat(StartPosition.parse("0=1201,1=77"))
                .isEqualTo(new StartPosition.Each(new OffsetVector(Map.of(0, 1201L, 1, 77L))));
    }

    @Test
    void aPlusSignThatBecameABlankIsUnderstood() {
        assertThat(StartPosition.parse("time:2026-01-31T01:00:00 01:00"))
                .isEqualTo(new StartPosition.Time(Instant.parse("2026-01-31T00:00:00Z")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "first",
                "last:",
                "last:0",
                "last:10001",
                "last:x",
                "time:",
                "time:yesterday",
                "0=",
                "=1",
                "0=1,0=2",
                "0=-1",
                "0=1,",
                "99999999999999999999"
            })
    void anythingElseIsRefusedWithWhatItGot(String text) {
        assertThatThrownBy(() -> StartPosition.parse(text))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.status()).isEqualTo(400))
                .hasMessageStartingWith("Parameter 'offset': ");
    }

    @Test
    void aVectorPrintsAsItIsRead() {
        assertThat(OffsetVector.parse("10=5,2=0", "id")).hasToString("2=0,10=5");
    }

    @Test
    void boundsHoldTheirLimits() {
        assertThat(ReadBounds.ofRecords(10_000).records()).isEqualTo(10_000);
        assertThatThrownBy(() -> ReadBounds.ofRecords(0))
                .hasMessage("Parameter 'limit': must be from 1 to 10000, got 0.");
        assertThatThrownBy(() -> ReadBounds.ofRecords(10_001)).isInstanceOf(WeirException.class);
    }
}
