package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.replay.RecordTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTimeTest {
    private static final long AT = Instant.parse("2001-01-01T00:01:00Z").toEpochMilli();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"at\":\"2001-01-01T00:01:00Z\",\"n\":1}",
                "{\"n\":{\"at\":\"1999-01-01T00:01:00Z\"},\"list\":[{\"at\":1}],\"at\":\"2001-01-01T00:01:00Z\"}",
                "{\"at\":\"2001-01-01T00:01:00Z\" and the rest is broken",
            })
    void theInstantOfTheOutermostObjectIsRead(String json) {
        assertThat(new JsonTime("at").of(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(AT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "17", "{\"n\":1}", "{\"at\":null}", "{\"at\":\"yesterday\"}", "[1]", "no json"})
    void whatIsNoneIsLeftToTheRowsOwnFormat(String json) {
        assertThat(new JsonTime("at").of(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(RecordTime.NONE);
    }

    @Test
    void aRecordWithoutAValueHasNoTime() {
        assertThat(new JsonTime("at").of(null)).isEqualTo(RecordTime.NONE);
    }
}
