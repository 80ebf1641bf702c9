package io.weir.streams.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.dsl.StreamJob;
import org.junit.jupiter.api.Test;

/// What a scenario shows of records that cannot be processed.
class DeadLettersTest {
    record Amount(int amount) {}

    @Test
    void aRecordThatDoesNotBindIsADeadLetterWithItsBytesAndTheReason() {
        StreamJob job = flow -> flow.stream("in", Amount.class).to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "k", "no json").send("in", "k", new Amount(1)).send("in", "k", "{}");

            assertThat(scenario.read("out", Amount.class)).hasSize(1);
            assertThat(scenario.counts().deadLetters()).isEqualTo(2);
            assertThat(scenario.dlq())
                    .extracting(
                            letter -> letter.value() + " " + letter.headers().get("__streams.errors.offset"))
                    .containsExactly("no json 0", "{} 2");
        }
    }
}
