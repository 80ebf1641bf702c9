package io.weir.tiered.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UuidTextTest {
    private static boolean parses(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return UuidText.parse(bytes, 0, bytes.length, new byte[16], 0);
    }

    @Test
    void whatIsReadIsWrittenAgain() {
        Random random = new Random(5);
        for (int i = 0; i < 1000; i++) {
            String text = new UUID(random.nextLong(), random.nextLong()).toString();
            byte[] bytes = ("x" + text).getBytes(StandardCharsets.ISO_8859_1);
            byte[] target = new byte[18];

            assertThat(UuidText.parse(bytes, 1, bytes.length, target, 2)).isTrue();
            TextOut out = new TextOut();
            out.put('y');
            UuidText.write(target, 2, out);

            assertThat(new String(Arrays.copyOf(out.bytes(), out.size()), StandardCharsets.ISO_8859_1))
                    .isEqualTo("y" + text);
        }
    }

    @Test
    void everyPlaceTakesItsOwnCharactersOnly() {
        String good = "01234567-89ab-cdef-0123-456789abcdef";
        for (int place = 0; place < good.length(); place++) {
            for (int c = 0; c < 256; c++) {
                boolean hyphen = good.charAt(place) == '-';
                boolean fits = hyphen ? c == '-' : c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
                String text = good.substring(0, place) + (char) c + good.substring(place + 1);
                assertThat(parses(text)).as(text).isEqualTo(fits);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "01234567-89ab-cdef-0123-456789abcde", "0123456789abcdef0123456789abcdef"})
    void shorterTextIsNone(String text) {
        assertThat(parses(text)).isFalse();
    }
}
