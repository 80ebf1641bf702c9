package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import java.util.Set;
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

    @Test
    void theKeyOfAWindowIsTheRecordsOwnOrAFieldOfItsRowOrNotKnown() {
        String sink = "{'name':'out','kind':'sink','inputs':['a.window'],'topic':'out','upsert':false}";
        assertThat(PlanFacts.windowKey(plan(SOURCE, WINDOW, sink), "out"))
                .hasValue(new PlanFacts.WindowKey(Optional.empty(), Set.of("a")));
        String window = WINDOW.replace("'inputs':['a']", "'inputs':['k']");
        String keyBy = "{'name':'k','kind':'keyBy','inputs':['a'],'key':[{'field':'user'}],'declared':false}";
        assertThat(PlanFacts.windowKey(plan(SOURCE, keyBy, window, sink), "out"))
                .hasValue(new PlanFacts.WindowKey(Optional.of("user"), Set.of("a")));
        assertThat(PlanFacts.windowKey(plan(SOURCE, keyBy.replace("'field'", "'opaque'"), window, sink), "out"))
                .isEmpty();
        assertThat(PlanFacts.windowKey(plan(SOURCE, sink.replace("a.window", "a")), "out"))
                .isEmpty();
    }

    private static JsonNode plan(String... stages) {
        try {
            return new JsonMapper().readTree(("{'stages':[" + String.join(",", stages) + "]}").replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
