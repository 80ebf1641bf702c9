package io.weir.log.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.weir.log.fault.WeirException;
import io.weir.log.produce.NewRecord;
import io.weir.log.record.RecordHeader;
import io.weir.log.topic.TopicName;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProduceBodyTest {
    private final ProduceBody body = new ProduceBody(TopicName.of("orders"), 3);

    @Test
    void readsARecordWithEverything() throws Exception {
        NewRecord record = parse("{\"partition_id\":2,\"key\":{\"type\":\"STRING\",\"data\":\"AA\"},"
                        + "\"value\":{\"type\":\"JSON\",\"data\":{\"b\":1.10,\"a\":[1e2]}},"
                        + "\"headers\":[{\"name\":\"h\",\"value\":\"AQI=\"},{\"name\":\"n\"}],"
                        + "\"timestamp\":\"2001-01-01T01:00:00+01:00\"}")
                .getFirst();

        assertThat(record.partition()).isEqualTo(2);
        assertThat(record.timestamp()).isEqualTo(Instant.parse("2001-01-01T00:00:00Z"));
        assertThat(record.content().key()).asString().isEqualTo("AA");
        assertThat(record.content().value()).asString().isEqualTo("{\"b\":1.10,\"a\":[1E+2]}");
        assertThat(record.content().headers())
                .containsExactly(new RecordHeader("h", new byte[] {1, 2}), new RecordHeader("n", null));
    }

    @Test
    void absentAndNullAreNullBytes() throws Exception {
        assertThat(parse("{}{\"value\":null}{\"key\":{\"type\":\"JSON\",\"data\":null}}"))
                .allSatisfy(record -> {
                    assertThat(record.content().key()).isNull();
                    assertThat(record.content().value()).isNull();
                    assertThat(record.timestamp()).isNull();
                })
                .hasSize(3);
    }

    @Test
    void objectsMayStandInLinesOrTogether() throws Exception {
        assertThat(parse("{\"timestamp\":1}\n\n{\"timestamp\":2} {\"timestamp\":3}{\"timestamp\":4}\n"))
                .extracting(record -> record.timestamp().toEpochMilli())
                .containsExactly(1L, 2L, 3L, 4L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"partition_id\":3}|the partitions 0 to 2, got 3",
                "{\"partition_id\":-1}|the partitions 0 to 2, got -1",
                "{\"partition_id\":1.5}|must be a whole number",
                "{\"partition\":1}|Did you mean 'partition_id'?",
                "{\"value\":\"plain\"}|must be like",
                "{\"value\":{\"type\":\"JSON\"}}|must be like",
                "{\"value\":{\"type\":\"STRNG\",\"data\":\"x\"}}|Did you mean 'STRING'?",
                "{\"value\":{\"type\":\"AVRO\",\"data\":\"x\"}}|must be one of [BINARY, JSON, STRING], got 'AVRO'",
                "{\"value\":{\"type\":\"STRING\",\"data\":{}}}|data must be a string here",
                "{\"value\":{\"type\":\"BINARY\",\"data\":\"%%\"}}|must be base64",
                "{\"headers\":{}}|must be a list",
                "{\"headers\":[{}]}|each must have a 'name'",
                "{\"timestamp\":\"yesterday\"}|must be an instant",
                "{\"timestamp\":-1}|must be an instant",
                "[1]|must be a JSON object, got array",
                "``|got nothing"
            })
    void aWrongRecordIsRefusedInWords(String text, String words) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(WeirException.class).hasMessageContaining(words);
    }

    @Test
    void oneWrongRecordRefusesTheWholeBodyAndIsNamed() {
        assertThatThrownBy(() -> parse("{}\n{}\n{\"partition_id\":9}\n{}")).hasMessageStartingWith("Record 3, member");
    }

    @Test
    void aBodyTooLargeForMemoryIsRefused() {
        assertThatThrownBy(() -> parse("{}".repeat(10_001)))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.status()).isEqualTo(413))
                .hasMessage("Body: must hold at most 10000 objects, got more. Send it in parts; nothing was done.");
        assertThatThrownBy(() -> parse(" ".repeat((8 << 20) + 1))).hasMessageContaining("8388608 bytes");
    }

    @Test
    void whatIsNoJsonNamesTheLine() {
        assertThatThrownBy(() -> parse("{}\n{\"key\":"))
                .isInstanceOfSatisfying(
                        JsonProcessingException.class,
                        e -> assertThat(ProblemMappers.malformed(e).detail())
                                .startsWith("Body: must be valid JSON at line 2, column "));
    }

    private List<NewRecord> parse(String text) throws JsonProcessingException {
        return body.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
