package io.weir.connect.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeirRestClientTest {
    @ParameterizedTest
    @CsvSource({
        "http://h:1/connectors/plain/fence, http://h:1/connectors/plain/fence",
        "http://h:1/connectors/a/b%20c/fence, http://h:1/connectors/a%2Fb%20c/fence",
        "http://h:1/root/connectors/a//b/tasks, http://h:1/root/connectors/a%2F%2Fb/tasks",
        "http://h:1/connectors, http://h:1/connectors"
    })
    void aNameWithSlashesIsOneSegmentOfAnInternalRequest(String built, String sent) {
        assertThat(WeirRestClient.withNameAsOneSegment(built)).isEqualTo(sent);
    }
}
