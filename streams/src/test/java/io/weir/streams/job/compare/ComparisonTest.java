package io.weir.streams.job.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.streams.replay.RecordTime;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ComparisonTest {
    private final Map<String, List<ResultRow>> topics = new HashMap<>();
    private long rowsRead;

    private final ResultReader reader = new ResultReader() {
        @Override
        public void read(String topic, int partition, long from, long to, Consumer<ResultRow> sink) {
            topics.getOrDefault(topic, List.of()).subList((int) from, (int) to).forEach(row -> {
                rowsRead++;
                sink.accept(row);
            });
        }

        @Override
        public long firstReaching(String topic, int partition, long from, long to, RecordTime time, long millis) {
            return to;
        }

        @Override
        public void records(
                String topic, int partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink) {}

        @Override
        public boolean holdsRecords(String topic, int partition, long from, long to) {
            return from < to;
        }
    };

    /// Half a million keys are more than memory is used for at once: several slices, each read anew.
    @Test
    void oneChangedDigitOneMissingAndOneExtraKeyAreFoundInHalfAMillion() {
        for (int i = 0; i < 500_000; i++) {
            put("left", "k" + i, "{\"total\":" + i + "}");
            if (i != 77) {
                put("right", "k" + i, "{\"total\":" + (i == 4_711 ? 4_712 : i) + "}");
            }
        }
        put("right", "extra", "{\"total\":1}");

        CompareReport report = compare(CompareRules.EXACT, true);

        assertThat(report.tally().equal()).isEqualTo(499_998);
        assertThat(report.tally().changed()).isEqualTo(1);
        assertThat(report.tally().missing()).isEqualTo(1);
        assertThat(report.tally().extra()).isEqualTo(1);
        assertThat(report.json().path("first")).hasSize(3);
        assertThat(report.json().path("first").toString())
                .contains("4711")
                .contains("4712")
                .contains("k77");
        assertThat(rowsRead).isGreaterThan(2_000_000);
    }

    @Test
    void theNewestRowOfAKeyCountsAndADeletedOneIsNotThere() {
        put("left", "a", "1");
        put("left", "a", "2");
        put("left", "b", "1");
        put("left", "b", null);
        put("right", "a", "2");

        CompareReport report = compare(CompareRules.EXACT, true);

        assertThat(report.tally().different()).isZero();
        assertThat(report.tally().equal()).isEqualTo(1);
    }

    @Test
    void aViewOfTwoTopicsIsReadOneAfterTheOther() {
        put("left", "a", "1");
        put("left", "b", "1");
        put("left", "a", "corrected");
        put("own", "a", "old leftover");
        put("own", "a", "1");
        put("right", "a", "1");
        put("right", "b", "1");
        CompareReport report = new CompareReport("out", CompareRules.EXACT);

        new Comparison(reader, CompareRules.EXACT, false, report.tally(), report::add)
                .compare(
                        0,
                        new ResultView(
                                List.of(new ResultView.Range("left", 0, 0, 2), new ResultView.Range("own", 0, 1, 2))),
                        view("right"));

        assertThat(report.tally().equal()).isEqualTo(2);
        assertThat(report.tally().different()).isZero();
    }

    @Test
    void windowsThatOneSideHasNotClosedAreLeftOutAndCounted() {
        put("left", window("a", "06:00:00", "07:00:00"), "1");
        put("left", window("a", "07:00:00", "08:00:00"), "1");
        put("right", window("a", "06:00:00", "07:00:00"), "2");

        assertThat(compare(CompareRules.EXACT, true).tally().open()).isEqualTo(1);
        assertThat(compare(CompareRules.EXACT, true).tally().missing()).isZero();
        assertThat(compare(CompareRules.EXACT, true).tally().changed()).isEqualTo(1);
        assertThat(compare(CompareRules.EXACT, false).tally().missing()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"total\":1.00,\"at\":5} | {\"total\":1.01,\"at\":5} | true",
                "{\"total\":\"1.00\",\"at\":5} | {\"total\":\"1.01\",\"at\":9} | true",
                "{\"total\":1.00} | {\"total\":1.02} | false",
                "{\"total\":1,\"n\":1} | {\"total\":1,\"n\":2} | false",
                "{\"total\":1} | {\"total\":null} | false",
            })
    void tolerancesAndIgnoredColumnsCountByColumn(String left, String right, boolean equal) {
        put("left", "a", left);
        put("right", "a", right);
        CompareRules rules = CompareRules.of(Map.of("tolerance", "{\"total\":\"0.01\"}", "ignore", "[\"at\"]"));

        assertThat(compare(rules, true).tally().equal() == 1).isEqualTo(equal);
    }

    @Test
    void onlyWhatIsOutsideTheExpectationMakesTheVerdictDiffer() {
        put("left", "a", "{\"state\":\"GA\",\"flights\":12}");
        put("right", "a", "{\"state\":\"GA\",\"flights\":13}");
        CompareRules georgia = CompareRules.of(Map.of("expect", "state = 'GA' and flights >= 10"));
        assertThat(CompareReport.verdict(List.of(compare(georgia, true)))).isEqualTo("differs-as-expected");
        assertThat(CompareReport.verdict(List.of(compare(CompareRules.EXACT, true))))
                .isEqualTo("differs");

        put("left", "b", "{\"state\":\"TX\",\"flights\":12}");
        CompareReport report = compare(georgia, true);
        assertThat(CompareReport.verdict(List.of(report))).isEqualTo("differs");
        assertThat(report.outsideExpectation()).isEqualTo(1);
    }

    @Test
    void aSampleIsExactForItsKeys() {
        for (int i = 0; i < 6_400; i++) {
            put("left", "k" + i, "1");
            put("right", "k" + i, "2");
        }
        CompareReport report = compare(CompareRules.of(Map.of("mode", "1/64")), true);
        assertThat(report.tally().left()).isBetween(50L, 150L);
        assertThat(report.tally().changed()).isEqualTo(report.tally().left());
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "state = ", "state = 'GA' or n = 1", "= 3", "state = 'GA' and", "state = 'GA"})
    void aBadExpectationNamesThePlace(String text) {
        assertThatThrownBy(() -> Expectation.parse(text))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("expect-invalid"))
                .hasMessageContaining("character");
    }

    @ParameterizedTest
    @CsvSource({"mode, half", "tolerance, 5", "tolerance, '{\"a\":\"x\"}'", "ignore, a"})
    void badRulesAreRefused(String member, String value) {
        assertThatThrownBy(() -> CompareRules.of(Map.of(member, value))).isInstanceOf(WeirException.class);
    }

    private CompareReport compare(CompareRules rules, boolean closedOnly) {
        CompareReport report = new CompareReport("out", rules);
        new Comparison(reader, rules, closedOnly, report.tally(), report::add).compare(0, view("left"), view("right"));
        return report;
    }

    private ResultView view(String topic) {
        return new ResultView(List.of(new ResultView.Range(
                topic, 0, 0, topics.getOrDefault(topic, List.of()).size())));
    }

    private void put(String topic, String key, String value) {
        topics.computeIfAbsent(topic, unknown -> new ArrayList<>())
                .add(new ResultRow(bytes(key), value == null ? null : bytes(value), 0, Map.of()));
    }

    private static Bytes bytes(String text) {
        return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String window(String key, String start, String end) {
        return "{\"key\":\"" + key + "\",\"window_start\":\"2001-01-01T" + start + "Z\",\"window_end\":\"2001-01-01T"
                + end + "Z\"}";
    }
}
