package io.weir.tiered.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tiered.segment.CorruptSegmentException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The stored form of a shape, against the worked example of the reference page.
class ShapeFormTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("has shape `([0-9a-f]{16})`; `ShapeFormTest` decodes it:\\s+```\\s([0-9a-f\\s]+)```");
    private static final String TEXT = "{\"id\":17,\"at\":\"2026-01-02T03:04:05.678Z\",\"p\":12.50}";

    private final ColumnTree tree = new ColumnTree(List.of(
            new Column(13, "id", "id", ColumnType.LONG),
            new Column(14, "at", "at", ColumnType.TIMESTAMP),
            new Column(15, "p", "p", new ColumnType.Decimal(18, 2))));

    @Test
    void theDocumentedExampleIsWhatIsWritten() {
        Shredder shredder = new Shredder(tree, ShapeLimits.DEFAULT);

        assertThat(shredder.shred(Shredded.utf8(TEXT), 0, TEXT.length())).isTrue();

        byte[] form = ShapeDictionary.read(shredder.section(), "test").get(shredder.shapeId());
        assertThat(HexFormat.of().formatHex(form)).isEqualTo(HexFormat.of().formatHex(documented()));
        assertThat(HexFormat.of().toHexDigits(shredder.shapeId()))
                .isEqualTo(example().group(1));
    }

    @Test
    void theDocumentedExampleGivesItsValueBack() {
        Shape shape = ShapeCompiler.compile(1, documented(), tree);
        RowLeaves row = new RowLeaves(tree);
        row.wholeNumber(0, 0, 1, 17);
        row.wholeNumber(1, 0, 1, 1_767_323_045_678_000L);
        row.wholeNumber(2, 0, 1, 1250);
        TextOut out = new TextOut();

        shape.render(row, out);

        assertThat(new String(out.bytes(), 0, out.size(), StandardCharsets.UTF_8))
                .isEqualTo(TEXT);
    }

    @Test
    void theDocumentedElementsWithShapesOfTheirOwnAreWhatIsWritten() throws IOException {
        String text = "{\"l\":[{\"a\":1},{\"b\":2},null]}";
        ColumnType element = new ColumnType.Struct(List.of(
                new Column(15, "a", "a", ColumnType.LONG),
                new Column(16, "b", "b", ColumnType.LONG),
                new Column(17, "_shape", "", ColumnType.LONG)));
        ColumnTree list = new ColumnTree(List.of(
                new Column(13, "l", "l", new ColumnType.ListOf(new Column(14, "element", "element", element)))));
        Shredder shredder = new Shredder(list, ShapeLimits.DEFAULT);

        assertThat(shredder.shred(Shredded.utf8(text), 0, text.length())).isTrue();

        StringBuilder written = new StringBuilder();
        ShapeDictionary.read(shredder.section(), "test")
                .forEach((id, form) -> written.append(
                        HexFormat.of().toHexDigits(id) + " " + HexFormat.of().formatHex(form) + "\n"));
        assertThat(Files.readString(Path.of("../docs/reference/formats.md")))
                .contains(text)
                .contains(written.toString().lines().sorted().toList());
    }

    @Test
    void aShapeOfANewerVersionIsRefusedByName() {
        assertThatThrownBy(() -> ShapeCompiler.compile(1, new byte[] {4, 0, 0}, tree))
                .isInstanceOf(CorruptSegmentException.class)
                .hasMessageContaining("versions 1 to 3");
    }

    @Test
    void damagedShapesAreRefused() {
        byte[] form = documented();
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            byte[] damaged = form.clone();
            damaged[random.nextInt(form.length)] = (byte) random.nextInt(256);
            byte[] cut = Arrays.copyOf(damaged, random.nextInt(form.length + 1));
            try {
                ShapeCompiler.compile(1, random.nextBoolean() ? damaged : cut, tree);
            } catch (CorruptSegmentException e) {
                assertThat(e).hasMessageContaining("Shape ");
            }
        }
        assertThatThrownBy(() -> ShapeCompiler.compile(1, form, new ColumnTree(List.of())))
                .isInstanceOf(CorruptSegmentException.class)
                .hasMessageContaining("field id 13");
    }

    @Test
    void aDamagedSectionIsRefused() {
        assertThatThrownBy(() -> ShapeDictionary.read(new byte[] {1, 2, 3}, "Sidecar 'x', section SHAPES"))
                .isInstanceOf(CorruptSegmentException.class)
                .hasMessageStartingWith("Sidecar 'x', section SHAPES");
    }

    private static byte[] documented() {
        return HexFormat.of().parseHex(example().group(2).replaceAll("\\s", ""));
    }

    private static Matcher example() {
        try {
            Matcher found = EXAMPLE.matcher(Files.readString(Path.of("../docs/reference/formats.md")));
            assertThat(found.find()).isTrue();
            return found;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
