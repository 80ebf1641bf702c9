package io.weir.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.examples.AdClicks.Answered;
import io.weir.examples.AdClicks.Clicked;
import io.weir.examples.AdClicks.Shown;
import io.weir.streams.testing.Row;
import io.weir.streams.testing.StreamScenario;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdClicksTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void anAdMeetsItsClickAndOneWithoutAClickComesAlone() {
        try (StreamScenario scenario = StreamScenario.of(new AdClicks())) {
            show(scenario, START, "i-1", "shoes");
            show(scenario, START, "i-2", "hats");
            click(scenario, START.plusSeconds(90), "i-1", "ann");
            click(scenario, START.plusSeconds(601), "i-2", "bob");
            scenario.closeWindows();

            assertThat(scenario.read("ads_answered", Answered.class))
                    .extracting(Row::row)
                    .containsExactly(new Answered("shoes", "ann", 90L), new Answered("hats", null, null));
        }
    }

    @Test
    void everyAdOfARandomDayIsAnsweredAsAPlainComputationSays() {
        Random random = new Random(42);
        Map<String, Integer> expected = new HashMap<>();
        try (StreamScenario scenario = StreamScenario.of(new AdClicks())) {
            for (int i = 0; i < 500; i++) {
                Instant at = START.plusSeconds(60L * i);
                String campaign = List.of("shoes", "hats", "bags").get(random.nextInt(3));
                show(scenario, at, "i-" + i, campaign);
                boolean clicked = random.nextInt(4) == 0;
                if (clicked) {
                    click(scenario, at.plusSeconds(random.nextInt(45)), "i-" + i, "u" + random.nextInt(9));
                }
                expected.merge(campaign + clicked, 1, Integer::sum);
            }
            scenario.closeWindows();

            Map<String, Integer> answered = new HashMap<>();
            for (Row<Answered> row : scenario.read("ads_answered", Answered.class)) {
                answered.merge(row.row().campaign() + (row.row().user() != null), 1, Integer::sum);
            }
            assertThat(answered).isEqualTo(expected);
            assertThat(new ArrayList<>(scenario.late())).isEmpty();
            assertThat(scenario.dlq()).isEmpty();
        }
    }

    private static void show(StreamScenario scenario, Instant at, String impression, String campaign) {
        scenario.at(at).send("ads_shown", null, new Shown(impression, campaign, at));
    }

    private static void click(StreamScenario scenario, Instant at, String impression, String user) {
        scenario.at(at).send("ads_clicked", null, new Clicked(impression, user, at));
    }
}
