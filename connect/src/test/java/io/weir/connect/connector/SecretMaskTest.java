package io.weir.connect.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretMaskTest {
    private static boolean isPassword(String key) {
        return key.endsWith("password");
    }

    @Test
    void aSecretIsHiddenAndTheOrderOfKeysStays() {
        Map<String, String> config = new LinkedHashMap<>();
        config.put("z", "1");
        config.put("password", "geheim");
        config.put("a", "2");

        assertThat(SecretMask.hide(config, SecretMaskTest::isPassword))
                .containsExactly(Map.entry("z", "1"), Map.entry("password", "******"), Map.entry("a", "2"));
    }

    @Test
    void aReferenceToAProviderIsNoSecretAndStays() {
        assertThat(SecretMask.hide(Map.of("password", "${file:/secrets/db:pw}"), SecretMaskTest::isPassword))
                .containsEntry("password", "${file:/secrets/db:pw}");
    }

    @Test
    void writingBackWhatWasReadKeepsTheStoredSecret() {
        Map<String, String> stored = Map.of("password", "geheim", "url", "a");
        Map<String, String> read = SecretMask.hide(stored, SecretMaskTest::isPassword);

        SecretMask.Restored restored = SecretMask.restore(read, stored, SecretMaskTest::isPassword);

        assertThat(restored.config()).isEqualTo(stored);
        assertThat(restored.withoutStoredValue()).isEmpty();
    }

    @Test
    void aMaskWithNothingStoredIsReportedByItsKey() {
        assertThat(SecretMask.restore(Map.of("password", "******"), Map.of(), SecretMaskTest::isPassword)
                        .withoutStoredValue())
                .isEqualTo(List.of("password"));
    }

    @Test
    void sixStarsUnderAnOrdinaryKeyAreOrdinaryText() {
        assertThat(SecretMask.restore(
                                Map.of("separator", "******"), Map.of("separator", "x"), SecretMaskTest::isPassword)
                        .config())
                .containsEntry("separator", "******");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "database.password",
                "sasl.jaas.config",
                "aws.secret.access.key",
                "auth.token",
                "ssl.keystore.private-key"
            })
    void keysNamedLikeSecretsAreTaken(String key) {
        assertThat(SecretName.looksSecret(key)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"key.converter", "topic.key", "connector.class", "message.key.columns"})
    void ordinaryKeysAreNot(String key) {
        assertThat(SecretName.looksSecret(key)).isFalse();
    }
}
