package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.dsl.WindowKey;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowFormatTest {
    record Inner(String z, int a) {}

    record Everything(
            String zulu,
            int alpha,
            Instant at,
            BigDecimal money,
            Inner inner,
            Map<String, Integer> map,
            List<Long> list) {}

    record Flight(Instant date, int delay, String origin) {}

    @Test
    void componentsStandInTheOrderOfTheirDeclarationAndInstantsHaveNineDigits() {
        assertThat(text(everything(new LinkedHashMap<>(Map.of("a", 1)))))
                .isEqualTo("{\"zulu\":\"z\",\"alpha\":1,\"at\":\"2001-01-01T00:00:00.500000000Z\","
                        + "\"money\":1000000000000.10,\"inner\":{\"z\":\"q\",\"a\":2},\"map\":{\"a\":1},\"list\":[3]}");
    }

    @Test
    void equalValuesGiveEqualBytesWhateverTheOrderOfTheirMaps() {
        Map<String, Integer> forwards = new LinkedHashMap<>();
        Map<String, Integer> backwards = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            forwards.put("k" + i, i);
            backwards.put("k" + (49 - i), 49 - i);
        }

        assertThat(text(everything(backwards))).isEqualTo(text(everything(forwards)));
        assertThat(text(everything(new HashMap<>(forwards)))).isEqualTo(text(everything(forwards)));
    }

    @Test
    void whatIsWrittenReadsBackEqual() {
        Everything value = everything(Map.of("a", 1));

        assertThat(format(Everything.class).read(format(Everything.class).write(value)))
                .isEqualTo(value);
    }

    @Test
    void unknownMembersAreSkippedAndMissingReferencesAreNull() {
        assertThat(format(Flight.class).read(bytes("{\"delay\":3,\"tail\":\"N1\"}")))
                .isEqualTo(new Flight(null, 3, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"origin\":\"ATL\"}",
                "{\"delay\":null}",
                "{\"delay\":\"3\"}",
                "{\"delay\":3.5}",
                "{\"delay\":3,\"date\":978307260}",
                "{\"delay\":3,\"date\":\"yesterday\"}",
                "{\"delay\":3}{}",
                "{\"delay\":3",
                "null",
                "[]",
                ""
            })
    void whatDoesNotBindIsRefused(String json) {
        assertThatThrownBy(() -> format(Flight.class).read(bytes(json)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("No Flight: ");
    }

    @Test
    void plainKeysAreTextAsKafkasOwnSerializersWriteThem() {
        UUID uuid = UUID.fromString("00000000-0000-0001-0000-000000000002");

        assertThat(format(String.class).write("ATL")).isEqualTo(new StringSerializer().serialize("t", "ATL"));
        assertThat(format(UUID.class).write(uuid)).isEqualTo(bytes(uuid.toString()));
        assertThat(format(UUID.class).read(bytes(uuid.toString()))).isEqualTo(uuid);
        assertThat(format(Long.class).write(42L)).isEqualTo(bytes("42"));
        assertThat(format(byte[].class).write(new byte[] {1})).containsExactly(1);
    }

    @Test
    void aWindowKeyHasBoundsOfOneWidth() {
        WindowKey<String> key = new WindowKey<>("A\"B", Instant.EPOCH, Instant.ofEpochSecond(3600));

        assertThat(new String(new WindowKeyFormat(true, Json.mapper()).write(key), StandardCharsets.UTF_8))
                .isEqualTo("{\"key\":\"A\\\"B\",\"window_start\":\"1970-01-01T00:00:00Z\","
                        + "\"window_end\":\"1970-01-01T01:00:00Z\"}");
        assertThat(new String(new WindowKeyFormat(false, Json.mapper()).write(key), StandardCharsets.UTF_8))
                .contains("\"1970-01-01T00:00:00.000Z\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2001-01-01T00:01:00Z",
                "2000-02-29T23:59:59Z",
                "1969-12-31T23:59:59Z",
                "2001-01-01T00:01:00.5Z",
                "2001-01-01T00:01:00.123456789Z",
                "9999-12-31T23:59:59Z"
            })
    void theFastReaderOfInstantsAgreesWithThePlatform(String text) {
        assertThat(IsoInstant.parse(text)).isEqualTo(Instant.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001-02-29T00:00:00Z", "2001-13-01T00:00:00Z", "2001-01-01T24:00:01Z", "2001-01-01", "x"})
    void noInstantIsNoInstant(String text) {
        assertThatThrownBy(() -> IsoInstant.parse(text)).isInstanceOf(DateTimeException.class);
    }

    @Test
    void offsetsAreConvertedToUtc() {
        assertThat(IsoInstant.parse("2001-01-01T01:00:00+01:00")).isEqualTo(Instant.parse("2001-01-01T00:00:00Z"));
    }

    private static Everything everything(Map<String, Integer> map) {
        return new Everything(
                "z",
                1,
                Instant.parse("2001-01-01T00:00:00.5Z"),
                new BigDecimal("1000000000000.10"),
                new Inner("q", 2),
                map,
                List.of(3L));
    }

    private static String text(Everything value) {
        return new String(Objects.requireNonNull(format(Everything.class).write(value)), StandardCharsets.UTF_8);
    }

    private static RowFormat format(Class<?> type) {
        return new RowFormat(type, Json.mapper());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
