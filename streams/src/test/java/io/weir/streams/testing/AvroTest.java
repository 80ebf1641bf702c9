package io.weir.streams.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.streams.dsl.Format;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Table;
import io.weir.streams.topology.SchemaLookup;
import io.weir.streams.topology.SchemaUnavailable;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

/// Rows in Avro: what binds, what is a dead letter, and what ends the job.
class AvroTest {
    enum Kind {
        BUY,
        SELL
    }

    record Order(
            String id,
            long pieces,
            BigDecimal price,
            Instant at,
            Kind kind,
            List<String> tags,
            Map<String, Integer> stock,
            Address to,
            String note) {}

    record Address(String city) {}

    record Old(String id, String note) {}

    private static final String SCHEMA = """
        {"type":"record","name":"Order","fields":[
          {"name":"id","type":"string"},
          {"name":"pieces","type":"int"},
          {"name":"price","type":{"type":"bytes","logicalType":"decimal","precision":9,"scale":2}},
          {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
          {"name":"kind","type":{"type":"enum","name":"Kind","symbols":["BUY","SELL"]}},
          {"name":"tags","type":{"type":"array","items":"string"}},
          {"name":"stock","type":{"type":"map","values":"int"}},
          {"name":"to","type":["null",{"type":"record","name":"Address","fields":[{"name":"city","type":"string"}]}]},
          {"name":"unnamed","type":"boolean"}]}""";

    private static final String OLD = """
        {"type":"record","name":"Old","fields":[{"name":"id","type":"string"}]}""";

    private static final SchemaLookup SCHEMAS =
            id -> Optional.ofNullable(Map.of(7, SCHEMA, 3, OLD).get(id));

    private static final StreamJob COPY = flow ->
            flow.stream("in", Order.class).as(Format.AVRO).eventTime(Order::at).to("out");

    private static byte[] order(long atMillis) {
        Schema schema = new Schema.Parser().parse(SCHEMA);
        GenericData.Record address =
                new GenericData.Record(schema.getField("to").schema().getTypes().get(1));
        address.put("city", "Oslo");
        return AvroValues.framed(
                7,
                SCHEMA,
                Map.of(
                        "id",
                        "o-1",
                        "pieces",
                        3,
                        "price",
                        ByteBuffer.wrap(new BigDecimal("12.50").unscaledValue().toByteArray()),
                        "at",
                        atMillis,
                        "kind",
                        new GenericData.EnumSymbol(schema.getField("kind").schema(), "SELL"),
                        "tags",
                        List.of("a", "b"),
                        "stock",
                        Map.of("x", 1),
                        "to",
                        address,
                        "unnamed",
                        true));
    }

    @Test
    void everyKindOfFieldBindsToTheComponentOfItsName() {
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        try (StreamScenario scenario = StreamScenario.of(COPY, SCHEMAS)) {
            scenario.at(at).send("in", "k", order(at.toEpochMilli()));

            List<Row<Order>> rows = scenario.read("out", Order.class);

            assertThat(rows)
                    .extracting(Row::row)
                    .containsExactly(new Order(
                            "o-1",
                            3,
                            new BigDecimal("12.50"),
                            at,
                            Kind.SELL,
                            List.of("a", "b"),
                            Map.of("x", 1),
                            new Address("Oslo"),
                            null));
            assertThat(rows).extracting(Row::time).containsExactly(at);
        }
    }

    @Test
    void schemasMayChangeFromRecordToRecord() {
        StreamJob job = flow -> flow.stream("in", Old.class).as(Format.AVRO).to("out");
        try (StreamScenario scenario = StreamScenario.of(job, SCHEMAS)) {
            scenario.send("in", "k", AvroValues.framed(3, OLD, Map.of("id", "old")))
                    .send("in", "k", order(0));

            assertThat(scenario.read("out", Old.class))
                    .extracting(Row::row)
                    .containsExactly(new Old("old", null), new Old("o-1", null));
        }
    }

    @Test
    void aTableMayBeWrittenInAvro() {
        StreamJob job = flow -> {
            Table<String, Old> names = flow.table("names", Old.class).as(Format.AVRO);
            flow.stream("in", Address.class)
                    .join(names, (key, address, name) -> new Address(address.city() + name.id()))
                    .to("out");
        };
        try (StreamScenario scenario = StreamScenario.of(job, SCHEMAS)) {
            scenario.send("names", "k", AvroValues.framed(3, OLD, Map.of("id", "!")))
                    .send("in", "k", new Address("Oslo"));

            assertThat(scenario.read("out", Address.class)).extracting(Row::row).containsExactly(new Address("Oslo!"));
        }
    }

    @Test
    void whatIsNoAvroOfAKnownSchemaIsADeadLetter() {
        try (StreamScenario scenario = StreamScenario.of(COPY, SCHEMAS)) {
            byte[] cut = order(0);
            scenario.send("in", "a", "{}")
                    .send("in", "b", AvroValues.framed(99, OLD, Map.of("id", "x")))
                    .send("in", "c", java.util.Arrays.copyOf(cut, 9))
                    .send("in", "d", AvroValues.framed(3, OLD, Map.of("id", "x")));

            assertThat(scenario.read("out", Order.class)).isEmpty();
            assertThat(scenario.dlq())
                    .extracting(letter -> letter.key() + " "
                            + letter.headers().get("__streams.errors.message").replaceAll(":.*", ""))
                    .containsExactly(
                            "a No Order", "b No Order", "c No Order of Avro schema 7", "d No Order of Avro schema 3");
        }
    }

    @Test
    void aRegistryThatIsAwayEndsTheJobAndLosesNothing() {
        SchemaLookup away = id -> {
            throw new SchemaUnavailable("Schema registry 'http://x': does not answer.");
        };
        StreamScenario scenario = StreamScenario.of(COPY, away);
        try {
            assertThatThrownBy(() -> scenario.send("in", "k", order(0)))
                    .hasStackTraceContaining("Schema registry 'http://x': does not answer.");
            assertThat(scenario.dlq()).isEmpty();
        } finally {
            scenario.close();
        }
    }

    @Test
    void theFormatStandsDirectlyAfterTheSourceAndInThePlan() {
        Plan plan = Plan.of("j", COPY);

        assertThat(plan.print()).contains("event time at, in AVRO");
        assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
        assertThat(catchThrowableOfType(
                                PlanRefused.class,
                                () -> Plan.of(
                                        "j",
                                        flow -> flow.stream("in", Old.class)
                                                .map(old -> old)
                                                .as(Format.AVRO)
                                                .to("out")))
                        .rule())
                .isEqualTo("format");
    }
}
