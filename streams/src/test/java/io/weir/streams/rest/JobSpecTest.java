package io.weir.streams.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobSpecTest {
    @Test
    void everyMemberIsReadAndNumbersBecomeText() {
        JobSpec spec = JobSpec.parse("Body", """
                {"job":"revenue","class":"shop.Revenue","artifact":"9f2c","config":{"weir.job.threads":4,"a":true}}
                """);

        assertThat(spec)
                .isEqualTo(
                        new JobSpec("revenue", "shop.Revenue", Map.of("weir.job.threads", "4", "a", "true"), "9f2c"));
    }

    @Test
    void aPartOfItsOwnWinsAndSettingsAreAdded() {
        JobSpec spec = new JobSpec("revenue", "shop.Revenue", Map.of("a", "1", "b", "1"), null)
                .with("other", null, Map.of("b", "2"));

        assertThat(spec).isEqualTo(new JobSpec("other", "shop.Revenue", Map.of("a", "1", "b", "2"), null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"job\":               | json-malformed | Body: must be valid JSON, it breaks at line 1",
                "''                      | spec-invalid   | Body: must be a JSON object",
                "[1]                     | spec-invalid   | Body: must be a JSON object",
                "{\"jobb\":\"x\"}        | spec-invalid   | Did you mean 'job'?",
                "{\"job\":7}             | spec-invalid   | member 'job' must be a string, got 7",
                "{\"config\":[]}         | spec-invalid   | member 'config' must be an object",
                "{\"config\":{\"a\":{}}} | spec-invalid   | Setting 'a': must be a string",
            })
    void whatIsWrongIsNamed(String text, String code, String message) {
        assertThatThrownBy(() -> JobSpec.parse("Body", text))
                .isInstanceOfSatisfying(WeirException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e.status()).isEqualTo(400);
                })
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({"500ms, PT0.5S", "30s, PT30S", "2m, PT2M", "PT45S, PT45S", "'', PT30S"})
    void timeoutsAreReadAsPeopleWriteThem(String given, Duration timeout) {
        assertThat(Waiting.timeout(given)).isEqualTo(timeout);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "-5s", "11m", "1d", "30"})
    void otherTimeoutsAreRefused(String given) {
        assertThatThrownBy(() -> Waiting.timeout(given))
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("'" + given + "'");
    }

    @Test
    void anAnswerWaitsOnlyForRunning() {
        assertThat(WaitFor.of(null, "5s").timeout()).isZero();
        assertThat(WaitFor.of("running", "5s").timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThatThrownBy(() -> WaitFor.of("STOPPED", null)).hasMessageContaining("'STOPPED'");
    }

    @Test
    void aRevisionComesInQuotesOrNot() {
        assertThat(Changes.revision("\"7\"")).hasValue(7);
        assertThat(Changes.revision("7")).hasValue(7);
        assertThat(Changes.revision("*")).isEmpty();
        assertThat(Changes.revision(null)).isEmpty();
        assertThatThrownBy(() -> Changes.revision("seven")).isInstanceOf(WeirException.class);
    }
}
