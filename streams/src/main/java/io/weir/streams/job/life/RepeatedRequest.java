package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// A request that was sent before, with the same idempotency key: nothing is done again, and the operation
/// that it had
/// begun is the answer. Keys are remembered with the job's operations, so on every node and over restarts.
public final class RepeatedRequest extends WeirException {
    /// Where a key stands among what was asked for.
    private static final String MEMBER = "idempotencyKey";

    private static final int LONGEST = 200;
    private static final long serialVersionUID = 1L;

    private final String job;
    private final transient Operation operation;

    private RepeatedRequest(Job job, Operation operation) {
        super(
                "request-repeated",
                Whose.USER,
                409,
                "Job '" + job.name() + "': that request is " + operation.id() + " already.",
                null);
        this.job = job.name().value();
        this.operation = operation;
    }

    /// The name of the job that it is about.
    public String job() {
        return job;
    }

    public Operation operation() {
        return operation;
    }

    /// A request with its key.
    ///
    /// @throws WeirException `parameter-invalid` (400) for one that is too long
    public static Map<String, String> keyed(Map<String, String> request, Optional<String> key) {
        if (key.isEmpty() || key.get().isBlank()) {
            return request;
        }
        if (key.get().length() > LONGEST) {
            throw new WeirException(
                    "parameter-invalid",
                    Whose.USER,
                    "Header 'Idempotency-Key': must have at most " + LONGEST + " characters, got "
                            + key.get().length() + ".");
        }
        Map<String, String> keyed = new HashMap<>(request);
        keyed.put(MEMBER, key.get().strip());
        return keyed;
    }

    /// @throws RepeatedRequest when a remembered operation of the job has the request's key
    /// @throws WeirException `idempotency-key-taken` (422) when that operation is of another kind
    static void refuse(Job job, Operation.Kind kind, Map<String, String> request) {
        String key = request.get(MEMBER);
        if (key == null) {
            return;
        }
        for (Operation operation : job.operations()) {
            if (key.equals(operation.request().get(MEMBER))) {
                if (operation.kind() != kind) {
                    throw new WeirException(
                            "idempotency-key-taken",
                            Whose.USER,
                            422,
                            "Header 'Idempotency-Key': '" + key + "' belongs to " + operation.id()
                                    + ", which is another" + " request. Take a new key.",
                            null);
                }
                throw new RepeatedRequest(job, operation);
            }
        }
    }
}
