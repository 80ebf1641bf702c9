package io.weir.log.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalIdentityTest {
    @ParameterizedTest
    @CsvSource({
        "localhost,",
        "127.0.0.1,",
        "127.9.8.7,",
        "LOCALHOST,",
        "[::1],",
        "::1,",
        "localhost, http://localhost:8080",
        "127.0.0.1, http://127.0.0.1",
        "localhost, http://[::1]:8080",
    })
    void loopbackByNameIsLocal(String host, String origin) {
        assertThat(LocalIdentity.objection(host, origin)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        ",",
        "evil.example,",
        "127.0.0.1.evil.example,",
        "localhost.evil.example,",
        "10.0.0.1,",
        "0.0.0.0,",
        "localhost, http://evil.example",
        "localhost, null",
        "localhost, ''",
        "localhost, not a url",
        "localhost, http://localhost.evil.example",
        "localhost, http://127.0.0.1.evil.example:80",
    })
    void everythingElseIsNot(String host, String origin) {
        assertThat(LocalIdentity.objection(host, origin)).isPresent();
    }
}
