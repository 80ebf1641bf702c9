package io.weir.connect.worker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.connect.runtime.rest.entities.CreateConnectorRequest;
import org.apache.kafka.connect.runtime.rest.errors.BadRequestException;
import org.junit.jupiter.api.Test;

class RequestBodyTest {
    private static void read(String body, TypeReference<?> type) {
        Json.read(body.getBytes(StandardCharsets.UTF_8), type, "an object");
    }

    @Test
    void malformedJsonIsAClientErrorThatNamesThePlace() {
        assertThatThrownBy(() -> read("{\"a\":\n tru}", new TypeReference<Map<String, String>>() {}))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("line 2");
    }

    @Test
    void anEmptyBodyAndANullAreClientErrors() {
        for (String body : new String[] {"", "null"}) {
            assertThatThrownBy(() -> read(body, new TypeReference<Map<String, String>>() {}))
                    .isInstanceOf(BadRequestException.class)
                    .hasMessageContaining("got nothing");
        }
    }

    @Test
    void aMistypedMemberIsNamed() {
        assertThatThrownBy(() -> read("{\"nam\":\"x\"}", new TypeReference<CreateConnectorRequest>() {}))
                .isInstanceOf(BadRequestException.class)
                .hasMessageContaining("nam");
    }
}
