package io.weir.tiered.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTextTest {
    private static int end(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return JsonText.end(bytes, 0, bytes.length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[1, -0, 1.5e-7, 1E400, 0.0]",
                "{\"a\":[{\"b\":null},true],\"\":\"\\u00e9\\n\\/\"}",
                "\"\\ud83d\\ude00\"",
                "12345678901234567890123456789012345"
            })
    void whatEveryReaderTakesIsAValueToItsEnd(String text) {
        assertThat(end(text)).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
        assertThat(end(text + "]")).isEqualTo(text.getBytes(StandardCharsets.UTF_8).length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[017]",
                "[1.]",
                "[.5]",
                "[+1]",
                "[1e]",
                "[-]",
                "[1.2.3]",
                "[\"\\ud83d\"]",
                "[\"\\ude00\"]",
                "[\"\\ud83d\\u0041\"]",
                "[\"\\x\"]",
                "[\"\\u00g0\"]",
                "[\"\\u00\"]",
                "[tru]",
                "{\"a\":1",
                "{\"a\"}",
                "[1,]",
                ""
            })
    void whatReadersDisagreeOnIsNone(String text) {
        assertThat(end(text)).isNegative();
    }

    @Test
    void invalidUtf8IsNone() {
        assertThat(JsonText.end(new byte[] {'"', (byte) 0xC3, '"'}, 0, 3)).isNegative();
    }
}
