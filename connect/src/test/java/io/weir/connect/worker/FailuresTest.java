package io.weir.connect.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.kafka.connect.errors.AlreadyExistsException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.distributed.NotLeaderException;
import org.apache.kafka.connect.runtime.distributed.RebalanceNeededException;
import org.apache.kafka.connect.runtime.rest.errors.BadRequestException;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FailuresTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new NotFoundException("Connector x not found"), 404, false),
                Arguments.of(new AlreadyExistsException("Connector x already exists"), 409, false),
                Arguments.of(new BadRequestException("bad"), 400, false),
                Arguments.of(new ConnectRestException(409, "rebalance"), 409, true),
                Arguments.of(new ConnectRestException(403, "forbidden"), 403, false),
                Arguments.of(new RebalanceNeededException("rebalance"), 409, true),
                Arguments.of(new NotLeaderException("not me", "http://other/"), 409, true),
                Arguments.of(new ForwardedException(409, 409, "exists over there", false), 409, false),
                Arguments.of(new ForwardedException(409, 409, "rebalance over there", true), 409, true),
                Arguments.of(new ForwardedException(404, 404, "not there", false), 404, false),
                Arguments.of(new ConnectException("boom"), 500, false),
                Arguments.of(new NoClassDefFoundError("x/Y"), 500, false));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void eachFailureHasItsStatusAndOnlyPassingConflictsMayBeRepeated(Throwable failure, int status, boolean passing) {
        Reply reply = Failures.reply(failure);

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.toString())
                .contains("{\"error_code\":" + status + ",\"message\":\"" + failure.getMessage() + "\"}");
        assertThat(Failures.isPassing(failure)).isEqualTo(passing);
        assertThat(reply.headers().containsKey("Retry-After")).isEqualTo(passing);
    }

    @Test
    void theRootCauseIsOneLine() {
        assertThat(Failures.rootCauseLine(
                        new ConnectException("outer", new IllegalStateException("first line\nsecond line"))))
                .isEqualTo("IllegalStateException: first line");
    }
}
