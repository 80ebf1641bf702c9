package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoInstantTest {
    @Test
    void everyInstantIsReadAsThePlatformReadsIt() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Instant instant = Instant.ofEpochSecond(
                    random.nextLong(-62_135_596_800L, 253_402_300_800L), random.nextInt(1_000_000_000));
            for (int digits = 0; digits <= 9; digits++) {
                String whole = String.format("%s.%09d", instant.toString().substring(0, 19), instant.getNano());
                String text = (digits == 0 ? whole.substring(0, 19) : whole.substring(0, 20 + digits)) + "Z";
                assertThat(IsoInstant.parse(text)).as(text).isEqualTo(Instant.parse(text));
            }
        }
        assertThat(IsoInstant.parse("2001-01-01T01:00:00.5+01:00"))
                .isEqualTo(Instant.parse("2001-01-01T00:00:00.500Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2001-01-01T00:00:00",
                "2001-01-01T00:00:00,250Z",
                "2001-01-01T00:00:00.2x0Z",
                "2001-01-01T00:00:00.1234567890Z",
                "2001-02-30T00:00:00.250Z",
                "2001-01-01T25:00:00.250Z",
                "2001-01-01 00:00:00.250Z"
            })
    void whatIsNoInstantIsRefused(String text) {
        assertThatThrownBy(() -> IsoInstant.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
