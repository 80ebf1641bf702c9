package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What a change of a plan means for the state of a running version.
class PlanDiffTest {
    private static final String SOURCE = stage("a", "source", "'topic':'a','table':false,'type':'Click#1'");
    private static final String WHERE = stage("a.where", "filter", "'inputs':['a'],'expr':{'opaque':'77ab'}");
    private static final String KEY = stage("a.key", "keyBy", "'inputs':['a.where'],'repartition':true");
    private static final String FOLD =
            stage("a.window", "windowFold", "'inputs':['a.key'],'grace':60000,'fold':[['n','count']]");
    private static final String SINK = stage("b", "sink", "'inputs':['a.window'],'topic':'b','upsert':false");

    @Test
    void theSamePlanKeepsStateInAnyOrderOfItsStages() {
        PlanDiff diff = diff(plan(SOURCE, WHERE, KEY, FOLD, SINK), plan(FOLD, SOURCE, SINK, KEY, WHERE));
        assertThat(diff.keep()).isTrue();
        assertThat(diff.reasons()).isEmpty();
        assertThat(diff.kept()).contains("a.window");
    }

    @Test
    void anAddedSinkKeepsState() {
        String second = stage("c", "sink", "'inputs':['a.where'],'topic':'c','upsert':false");
        PlanDiff diff = diff(plan(SOURCE, WHERE, KEY, FOLD, SINK), plan(SOURCE, WHERE, KEY, FOLD, SINK, second));
        assertThat(diff.keep()).isTrue();
        assertThat(diff.reasons()).extracting(PlanDiff.Reason::rule).containsExactly("sink added");
    }

    @Test
    void aChangedLambdaNeedsAReplayAndNothingBehindItIsKept() {
        PlanDiff diff = diff(
                plan(SOURCE, WHERE, KEY, FOLD, SINK), plan(SOURCE, WHERE.replace("77ab", "88cd"), KEY, FOLD, SINK));
        assertThat(diff.keep()).isFalse();
        assertThat(diff.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.stage()).isEqualTo("a.where");
            assertThat(reason.rule()).isEqualTo("expr changed");
            assertThat(reason.was()).contains("77ab");
            assertThat(reason.is()).contains("88cd");
            assertThat(reason.state()).isEqualTo("none");
        });
        assertThat(diff.kept()).containsExactly("a");
    }

    @Test
    void aChangedFoldLosesItsState() {
        PlanDiff diff = diff(
                plan(SOURCE, WHERE, KEY, FOLD, SINK), plan(SOURCE, WHERE, KEY, FOLD.replace("60000", "1000"), SINK));
        assertThat(diff.reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.rule()).isEqualTo("grace changed");
            assertThat(reason.state()).isEqualTo("lost");
        });
    }

    @Test
    void aRenamedStageIsARemovedAndAnAddedOne() {
        PlanDiff diff = diff(
                plan(SOURCE, WHERE, KEY, FOLD, SINK),
                plan(SOURCE, WHERE, KEY, FOLD.replace("a.window", "sums"), SINK.replace("a.window", "sums")));
        assertThat(diff.keep()).isFalse();
        assertThat(diff.reasons())
                .extracting(PlanDiff.Reason::rule)
                .containsExactly("windowFold added", "inputs changed", "windowFold removed");
    }

    @Test
    void aFieldMoreInASourceNeedsAReplay() {
        assertThat(diff(plan(SOURCE, SINK), plan(SOURCE.replace("Click#1", "Click#2"), SINK))
                        .keep())
                .isFalse();
    }

    @Test
    void theSmallestGraceBehindARekeyBoundsTheDrift() {
        JsonNode rekeyed = plan(SOURCE, WHERE, KEY, FOLD, SINK);
        assertThat(PlanFacts.rekeys(rekeyed)).isTrue();
        assertThat(PlanFacts.smallestGraceBehindRekey(rekeyed)).hasValue(60_000);
        JsonNode plain = plan(SOURCE, WHERE, FOLD.replace("a.key", "a.where"), SINK);
        assertThat(PlanFacts.rekeys(plain)).isFalse();
        assertThat(PlanFacts.smallestGraceBehindRekey(plain)).isEqualTo(OptionalLong.empty());
    }

    @Test
    void partitionsOfOneStreamNeverMeetWithoutARekey() {
        JsonNode plain = plan(SOURCE, WHERE, FOLD.replace("a.key", "a.where"), SINK);
        String table = stage("t", "source", "'topic':'t','table':true,'type':'Row#1'");
        String second = stage("c", "source", "'topic':'c','table':false,'type':'Click#1'");

        assertThat(PlanFacts.partitionsNeverMeet(plain)).isTrue();
        assertThat(PlanFacts.partitionsNeverMeet(plan(SOURCE, table, SINK))).isTrue();
        assertThat(PlanFacts.partitionsNeverMeet(plan(SOURCE, second, SINK))).isFalse();
        assertThat(PlanFacts.partitionsNeverMeet(plan(SOURCE, WHERE, KEY, FOLD, SINK)))
                .isFalse();
    }

    private static PlanDiff diff(JsonNode old, JsonNode now) {
        return PlanDiff.between(1, old, now);
    }

    private static String stage(String name, String kind, String more) {
        return ("{'name':'" + name + "','kind':'" + kind + "'," + more + "}").replace('\'', '"');
    }

    private static JsonNode plan(String... stages) {
        try {
            return new JsonMapper().readTree("{\"weir\":\"plan/1\",\"stages\":[" + String.join(",", stages) + "]}");
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
