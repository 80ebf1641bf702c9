package io.weir.log.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import org.junit.jupiter.api.Test;

class ProblemTest {
    private static final Problem UNKNOWN_TOPIC =
            Problem.of(WeirException.notFound("topic-not-found", "Topic 'x': no such topic."));

    @Test
    void isAProblemByRfc9457() {
        assertThat(UNKNOWN_TOPIC.toJson("/jobs"))
                .isEqualTo("{\"type\":\"/problems/topic-not-found\",\"title\":\"Topic not found\",\"status\":404,"
                        + "\"detail\":\"Topic 'x': no such topic.\",\"owner\":\"USER\"}");
        assertThat(UNKNOWN_TOPIC.mediaType("/jobs")).isEqualTo("application/problem+json");
    }

    @Test
    void carriesConfluentsNumberBelowV3() {
        assertThat(UNKNOWN_TOPIC.toJson("/v3/clusters/c/topics/x"))
                .contains("\"error_code\":40403", "\"message\":\"Topic 'x': no such topic.\"");
        assertThat(UNKNOWN_TOPIC.toJson("/v33")).doesNotContain("error_code");
    }

    @Test
    void isConnectsOwnBodyOnConnectsPaths() {
        assertThat(UNKNOWN_TOPIC.toJson("/connectors/x"))
                .isEqualTo("{\"error_code\":404,\"message\":\"Topic 'x': no such topic.\"}");
        assertThat(UNKNOWN_TOPIC.mediaType("/connector-plugins")).isEqualTo("application/json");
        assertThat(UNKNOWN_TOPIC.mediaType("/connect-secrets/a")).isEqualTo("application/problem+json");
    }

    @Test
    void theOwnerGivesTheStatus() {
        assertThat(Problem.of(new WeirException("store-down", Whose.EXTERNAL, "Store: no."))
                        .status())
                .isEqualTo(503);
        assertThat(Problem.of(new WeirException("bug", Whose.INTERNAL, "Weir: no."))
                        .status())
                .isEqualTo(500);
    }
}
