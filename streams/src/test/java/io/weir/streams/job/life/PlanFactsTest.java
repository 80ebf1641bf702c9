package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a stored plan says about runs over a part of history.
class PlanFactsTest {
    private static final String SOURCE = "{'name':'a','kind':'source','topic':'a','table':false}";
    private static final String WINDOW =
            "{'name':'a.window','kind':'windowFold','inputs':['a'],'window':{'hopping':7000},'grace':500}";

    @Test
    void theMarginIsTheLengthAndGraceOfAllWindowsAndJoins() {
        assertThat(PlanFacts.reachMillis(plan(
                        SOURCE, WINDOW, "{'name':'j','kind':'streamJoin','inputs':['a','a'],'within':60,'grace':5}")))
                .isEqualTo(7_565);
    }

    @ParameterizedTest
    @CsvSource({
        "fold, folds all rows",
        "settle, holds rows back",
        "custom, state of its own",
        "foreign, Kafka Streams code",
        "tableJoin, joins two tables",
        "foreignKeyJoin, joins two tables"
    })
    void aStageWhoseStateReachesOverAllTimeIsNamed(String kind, String rule) {
        assertThat(PlanFacts.outsideOfTime(plan(SOURCE, WINDOW, "{'name':'x','kind':'" + kind + "','inputs':['a']}")))
                .hasValueSatisfying(stage -> {
                    assertThat(stage.getKey()).isEqualTo("x");
                    assertThat(stage.getValue()).contains(rule);
                });
    }

    @Test
    void aJoinWithATableStaysInsideARangeBecauseTablesAreReadWhole() {
        JsonNode plan = plan(
                SOURCE,
                WINDOW,
                "{'name':'t','kind':'source','topic':'t','table':true}",
                "{'name':'j','kind':'join','inputs':['a.window','t']}",
                "{'name':'out','kind':'sink','inputs':['j'],'topic':'out','upsert':false}",
                "{'name':'raw','kind':'sink','inputs':['a'],'topic':'raw','upsert':false}",
                "{'name':'rows','kind':'sink','inputs':['t'],'topic':'rows','upsert':true}");
        assertThat(PlanFacts.outsideOfTime(plan)).isEmpty();
        assertThat(PlanFacts.windowedSinks(plan)).containsExactly("out");
        assertThat(PlanFacts.hasWindows(plan)).isTrue();
        assertThat(PlanFacts.hasWindows(plan(SOURCE))).isFalse();
    }

    private static JsonNode plan(String... stages) {
        try {
            return new JsonMapper().readTree(("{'stages':[" + String.join(",", stages) + "]}").replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
