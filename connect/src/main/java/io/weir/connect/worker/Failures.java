package io.weir.connect.worker;

import org.apache.kafka.connect.errors.AlreadyExistsException;
import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.distributed.RebalanceNeededException;
import org.apache.kafka.connect.runtime.distributed.RequestTargetException;
import org.apache.kafka.connect.runtime.rest.entities.ErrorMessage;
import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns what the runtime throws into Connect's error body, `{"error_code", "message"}`.
final class Failures {
    static final String RETRY_AFTER = "Retry-After";

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static Reply reply(Throwable failure) {
        return switch (failure) {
            case ConnectRestException e -> {
                Reply answer = error(e.statusCode(), e.errorCode(), message(e));
                yield isPassing(e) ? answer.with(RETRY_AFTER, "1") : answer;
            }
            case RebalanceNeededException e -> error(409, 409, message(e)).with(RETRY_AFTER, "1");
            case RequestTargetException e -> error(409, 409, message(e)).with(RETRY_AFTER, "1");
            case NotFoundException e -> error(404, 404, message(e));
            case AlreadyExistsException e -> error(409, 409, message(e));
            default -> {
                LOG.atError().setCause(failure).log("A request to the Connect API failed");
                yield error(500, 500, message(failure));
            }
        };
    }

    static Reply error(int status, String message) {
        return error(status, status, message);
    }

    /// Whether the request met a rebalance, a change of leader or a stale view of the configuration: nothing was
    /// written and it is safe to repeat. Told by the exception's type: the 409 of a name that exists already is
    /// final.
    static boolean isPassing(Throwable failure) {
        return switch (failure) {
            case ForwardedException e -> e.worthRepeating();
            case ConnectRestException e -> e.statusCode() == 409;
            case RebalanceNeededException e -> true;
            case RequestTargetException e -> true;
            default -> false;
        };
    }

    /// The innermost cause in one line, for states and logs.
    static String rootCauseLine(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        String line = message == null ? "" : ": " + message.lines().findFirst().orElse("");
        return root.getClass().getSimpleName() + line;
    }

    private static Reply error(int status, int code, String message) {
        return Reply.json(status, new ErrorMessage(code, message));
    }

    private static String message(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
