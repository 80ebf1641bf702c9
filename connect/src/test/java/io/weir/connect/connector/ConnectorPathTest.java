package io.weir.connect.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorPathTest {
    @ParameterizedTest
    @ValueSource(strings = {"plain", "a/b", "with blank", "ä+*~%2F", "..", "x;y=1?z#"})
    void anyNameComesBackFromItsAddressAsOneSegment(String name) {
        String path = ConnectorPath.of(name);

        assertThat(path.substring("/connectors/".length())).doesNotContain("/", "?", "#", ";", " ");
        assertThat(URI.create("http://host" + path).getPath()).isEqualTo("/connectors/" + name);
    }
}
