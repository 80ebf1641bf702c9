package io.weir.tiered.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// No secret leaves by a print or by an error.
class SecretsTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "fs.s3a.access.key", "AKIA-OF-MINE",
            "fs.s3a.secret.key", "s3cr3t-value",
            "fs.s3a.endpoint", "http://store:9000");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fs.s3a.access.key",
                "fs.s3a.secret.key",
                "fs.s3a.session.token",
                "fs.s3a.bucket.mine.secret.key",
                "fs.s3a.encryption.key",
                "fs.s3a.proxy.password",
                "fs.azure.account.key.mine.dfs.core.windows.net",
                "weir.archive.hadoop.fs.s3a.SECRET.key"
            })
    void aSecretIsKnownByItsName(String name) {
        assertThat(Secrets.masked(Map.of(name, "value"))).containsEntry(name, "******");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fs.s3a.endpoint",
                "fs.s3a.path.style.access",
                "fs.s3a.aws.credentials.provider",
                "hadoop.security.credential.provider.path",
                "weir.archive.uri"
            })
    void whatIsNoSecretIsShown(String name) {
        assertThat(Secrets.masked(Map.of(name, "value"))).containsEntry(name, "value");
    }

    @Test
    void anErrorSaysNoSecretNeitherDoesItsCause() {
        StoreFailures failures = new StoreFailures(URI.create("s3a://bucket/archive"), SETTINGS);

        IOException failure = failures.of(
                "read", "s3a://bucket/x", new AccessDeniedException("x", null, "key AKIA-OF-MINE / s3cr3t-value"));

        assertThat(failure)
                .isInstanceOf(StoreRefusedException.class)
                .hasNoCause()
                .hasMessageContaining("s3a://bucket/x")
                .hasMessageContaining("weir.archive.hadoop.fs.s3a.secret.key")
                .hasMessageContaining("******")
                .hasMessageNotContainingAny("AKIA-OF-MINE", "s3cr3t-value");
    }
}
