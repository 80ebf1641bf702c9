package io.weir.tiered.shape;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.tiered.shape.ShapeOutline.Hole;
import io.weir.tiered.shape.ShapeOutline.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What a shape tells of its objects, against what a reader of JSON finds in them.
class ShapeOutlineTest {
    private static final JsonMapper JSON = new JsonMapper();

    @Test
    void membersOfTheTopLevelAreToldByKindAndColumn() {
        String text = "{ \"n\":1, \"p\":12.50,\"d\":1.5,\"b\":true,\"s\":\"x\\\"{\",\"at\":\"2001-01-01T00:00:00Z\","
                + "\"day\":\"2001-01-01\",\"o\":{\"n\":2,\"at\":null},\"l\":[{\"n\":1},{\"n\":2}],\"e\":null,\"u\\u0041\":5 }";
        Shredded shredded = Shredded.sampling(text, text.replace("12.50", "12.51"));

        ShapeOutline outline = outline(shredded, text).orElseThrow();

        assertThat(outline.holes().keySet()).containsExactlyInAnyOrder("n", "p", "d", "b", "s", "at", "day", "uA");
        assertThat(outline.others()).containsExactlyInAnyOrder("o", "l");
        assertThat(outline.holes().get("n")).isEqualTo(new Hole(Kind.LONG, column(shredded, "n"), 0));
        assertThat(outline.holes().get("p")).isEqualTo(new Hole(Kind.DECIMAL, column(shredded, "p"), 2));
        assertThat(outline.holes().get("d").kind()).isEqualTo(Kind.DOUBLE);
        assertThat(outline.holes().get("b").kind()).isEqualTo(Kind.BOOLEAN);
        assertThat(outline.holes().get("s").kind()).isEqualTo(Kind.STRING);
        assertThat(outline.holes().get("at").kind()).isEqualTo(Kind.INSTANT);
        assertThat(outline.holes().get("day").kind()).isEqualTo(Kind.LOCAL_TIME);
        assertThat(outline.holes().get("uA").kind()).isEqualTo(Kind.LONG);
    }

    @Test
    void whatIsNoObjectTellsNothing() {
        for (String text : List.of("17", "[1,2]", "\"x\"", "some text", "null")) {
            Shredded shredded = Shredded.sampling(text);
            assertThat(outline(shredded, text)).as(text).isEmpty();
        }
    }

    @Test
    void ofRandomObjectsEveryMemberIsAColumnOrSomethingElseOrNull() throws Exception {
        int told = 0;
        for (long seed = 0; seed < 200; seed++) {
            RandomJson random = new RandomJson(new Random(seed));
            List<byte[]> texts = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                texts.add(random.next());
            }
            Shredded shredded = Shredded.sampling(texts);
            for (byte[] text : texts) {
                Optional<ShapeOutline> outline = outline(shredded, text);
                if (outline.isPresent()) {
                    holds(outline.get(), JSON.readTree(text), "seed " + seed + ": " + new String(text, UTF_8));
                    told++;
                }
            }
        }
        assertThat(told).isGreaterThan(500);
    }

    private static void holds(ShapeOutline outline, JsonNode document, String as) {
        assertThat(document.isObject()).as(as).isTrue();
        document.properties().forEach(member -> {
            JsonNode value = member.getValue();
            Hole hole = outline.holes().get(member.getKey());
            if (value.isContainerNode()) {
                assertThat(outline.others()).as(as).contains(member.getKey());
            } else if (!value.isNull() && !outline.others().contains(member.getKey())) {
                assertThat(hole).as(as + ", member " + member.getKey()).isNotNull();
                assertThat(fits(hole.kind(), value)).as(as + ", " + hole).isTrue();
            }
        });
        outline.holes()
                .keySet()
                .forEach(key -> assertThat(document.has(key)).as(as).isTrue());
    }

    private static boolean fits(Kind kind, JsonNode value) {
        return switch (kind) {
            case LONG -> value.isIntegralNumber();
            case DECIMAL, DOUBLE -> value.isNumber();
            case BOOLEAN -> value.isBoolean();
            case STRING, UUID, INSTANT, LOCAL_TIME -> value.isTextual();
        };
    }

    private static int column(Shredded shredded, String name) {
        return shredded.columns.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow()
                .fieldId();
    }

    private static Optional<ShapeOutline> outline(Shredded shredded, String text) {
        return outline(shredded, text.getBytes(UTF_8));
    }

    private static Optional<ShapeOutline> outline(Shredded shredded, byte[] text) {
        if (shredded.row(text) == null) {
            return Optional.empty();
        }
        ShapeSet shapes = ShapeSet.read(shredded.shredder.section(), "test");
        return Optional.ofNullable(shapes.outlines().get(shredded.shredder.shapeId()));
    }
}
