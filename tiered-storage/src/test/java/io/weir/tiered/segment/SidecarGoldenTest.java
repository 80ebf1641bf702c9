package io.weir.tiered.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// The worked example of `docs/reference/formats.md` stays readable for ever.
class SidecarGoldenTest {
    private static final Path PAGE = Path.of("..", "docs", "reference", "formats.md");

    @Test
    void theWorkedExampleIsDecoded() throws IOException {
        Sidecar sidecar = open(example());

        assertThat(sidecar.address())
                .isEqualTo(new SegmentAddress(
                        UUID.fromString("0f0e0d0c-0b0a-0908-0706-050403020100"),
                        3,
                        UUID.fromString("11111111-2222-3333-4444-555555555555"),
                        1500));
        assertThat(sidecar.generation()).isZero();
        assertThat(sidecar.batchCount()).isEqualTo(2);
        assertThat(sidecar.batch(0))
                .isEqualTo(new BatchEntry(
                        0,
                        1,
                        2,
                        5,
                        (short) 0,
                        (short) 0,
                        978307260000L,
                        978307261000L,
                        42,
                        (short) 7,
                        (byte) 2,
                        100,
                        95,
                        34,
                        0xCAFEBABE));
        assertThat(sidecar.batch(1).has(BatchEntry.CONTROL)).isTrue();
        assertThat(sidecar.verbatim(1)).hasSize(78).startsWith(0, 0, 0, 0, 0, 0, 0x05, 0xde);
        assertThat(sidecar.section(SectionType.EPOCHS).orElseThrow()).asString().isEqualTo("0\n1\n5 0\n");
        assertThat(sidecar.section(SectionType.TXN)).isEmpty();
        assertThat(sidecar.offsetIndex()).containsExactly(0, 0, 0, 2, 0, 0, 0, 1);
        assertThat(sidecar.origin())
                .isEqualTo(new Origin("weir-0.1", "flights", 173, 1502, 978307262000L, 1, 2, 2, 2, 1));
        assertThat(sidecar.files())
                .containsExactly(new DataFile(
                        "lake/lake/flights-0f0e0d0c/data/p3/x.parquet",
                        4711,
                        0x01020304,
                        "ab".repeat(32),
                        0,
                        1500,
                        1501,
                        2,
                        4000,
                        0x0A0B0C0D,
                        List.of(new DataFile.RowGroup(
                                1500, 1501, 0, 2, 978307260000L, 978307261000L, 4, 3996, 0x05060708))));
    }

    @Test
    void anUnknownVersionIsRefusedByName() throws IOException {
        byte[] newer = example();
        newer[9] = 2;

        assertThatThrownBy(() -> open(newer))
                .isInstanceOf(CorruptSegmentException.class)
                .hasMessageContaining("version 2")
                .hasMessageContaining("newer Weir");
    }

    @Test
    void everyDamagedByteOfTheFrameIsNoticed() throws IOException {
        byte[] whole = example();
        for (int i = 0; i < 0x120; i++) {
            byte[] damaged = whole.clone();
            damaged[i] ^= 0x40;
            assertThatThrownBy(() -> open(damaged)).as("byte %d", i).isInstanceOf(CorruptSegmentException.class);
        }
    }

    private static Sidecar open(byte[] bytes) throws IOException {
        RangeSource source = (position, length) -> Arrays.copyOfRange(bytes, (int) position, (int) position + length);
        return Sidecar.open("example", source, bytes.length);
    }

    private static byte[] example() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean inside = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```")) {
                inside = line.equals("```hex");
            } else if (inside) {
                bytes.write(HexFormat.of().parseHex(line.substring(6)));
            }
        }
        return bytes.toByteArray();
    }
}
