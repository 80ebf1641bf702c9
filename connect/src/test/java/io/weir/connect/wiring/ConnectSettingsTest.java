package io.weir.connect.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.weir.log.fault.WeirException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectSettingsTest {
    private static ConnectSettings of(Map<String, String> properties) {
        return new ConnectSettings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .withConverter(Duration.class, 200, new io.quarkus.runtime.configuration.DurationConverter())
                .build());
    }

    @Test
    void everySettingHasItsDefault(@TempDir Path data) {
        ConnectSettings settings = of(Map.of("weir.data.dir", data.toString()));

        assertThat(settings.roleIsOurs()).isTrue();
        assertThat(settings.worker().conflictRetry()).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.worker().masked()).isTrue();
        assertThat(settings.worker().pluginPath()).isEmpty();
        assertThat(settings.worker().workerProperties()).isEmpty();
        assertThat(settings.filesAllowed()).containsExactly(data.resolve("files"));
        assertThat(settings.restUrl(8080)).isEqualTo(URI.create("http://127.0.0.1:8080/"));
    }

    @Test
    void everySettingIsMapped(@TempDir Path folder) {
        ConnectSettings settings = of(Map.of(
                "weir.roles", "broker,connect",
                "weir.connect.rest.retry", "5s",
                "weir.connect.mask", "false",
                "weir.connect.plugin.path", folder.toString(),
                "weir.connect.files.allowed", "/in , /out",
                "weir.connect.rest.url", "https://node-1:443/weir",
                "weir.connect.worker.offset.flush.interval.ms", "7"));

        assertThat(settings.roleIsOurs()).isTrue();
        assertThat(settings.worker().conflictRetry()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.worker().masked()).isFalse();
        assertThat(settings.worker().pluginPath()).isEqualTo(List.of(folder));
        assertThat(settings.worker().workerProperties()).containsExactly(Map.entry("offset.flush.interval.ms", "7"));
        assertThat(settings.filesAllowed()).containsExactly(Path.of("/in"), Path.of("/out"));
        assertThat(settings.restUrl(1)).isEqualTo(URI.create("https://node-1:443/weir/"));
    }

    @Test
    void theDefaultPluginFolderCountsWhenItExists(@TempDir Path data) throws java.io.IOException {
        Path plugins = Files.createDirectory(data.resolve("plugins"));

        assertThat(of(Map.of("weir.data.dir", data.toString())).worker().pluginPath())
                .containsExactly(plugins);
    }

    @Test
    void workerSettingsCanComeFromTheEnvironment() {
        assertThat(of(Map.of("WEIR_CONNECT_WORKER_OFFSET_FLUSH_INTERVAL_MS", "9"))
                        .worker()
                        .workerProperties())
                .containsEntry("offset.flush.interval.ms", "9");
    }

    @Test
    void aNodeWithoutTheRoleHasNone() {
        assertThat(of(Map.of("weir.roles", "broker,controller")).roleIsOurs()).isFalse();
    }

    @Test
    void theAdvertisedHostAndTheRootPathAreInTheAddress() {
        assertThat(of(Map.of("weir.advertised.host", "node-1", "quarkus.http.root-path", "/weir"))
                        .restUrl(8080))
                .isEqualTo(URI.create("http://node-1:8080/weir/"));
    }

    @ParameterizedTest
    @CsvSource({
        "weir.connect.mask, yes",
        "weir.connect.rest.retry, soon",
        "weir.connect.rest.retry, -1s",
        "weir.connect.plugin.path, /no/such/folder",
        "weir.connect.worker.rest.extension.classes, x"
    })
    void aWrongValueIsRefusedByTheNameOfItsSetting(String name, String value) {
        assertThatThrownBy(() -> of(Map.of(name, value)).worker())
                .isInstanceOf(WeirException.class)
                .hasMessageContaining(name);
    }

    @Test
    void aRestUrlWithoutHostIsRefused() {
        assertThatThrownBy(() -> of(Map.of("weir.connect.rest.url", "node-1")).restUrl(1))
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("weir.connect.rest.url");
    }
}
