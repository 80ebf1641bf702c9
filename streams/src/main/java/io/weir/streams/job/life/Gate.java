package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.Operation;
import java.util.Optional;

/// Whether a comparison allows a version to become live.
final class Gate {
    private Gate() {}

    /// @param wanted the operation that compared, or `none`; empty takes the newest comparison of the version
    /// @throws WeirException `job-gate` (409)
    static void check(Job job, int version, Optional<String> wanted) {
        if (wanted.filter(CutOverRequest.NO_GATE::equals).isPresent()) {
            return;
        }
        Operation compare = job.operations().stream()
                .filter(operation -> operation.kind() == Operation.Kind.COMPARE
                        && operation.version() == version
                        && operation.state() == Operation.Outcome.DONE
                        && wanted.map(operation.id()::equals).orElse(true))
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> refusal(
                        job,
                        wanted.map(id -> id + " is no finished comparison of version " + version)
                                        .orElse("version " + version + " was never compared")
                                + ". Compare it first, or promote with gate \"none\"."));
        String verdict = compare.result().path("verdict").asText();
        if (compare.result().path("left").asInt() != job.live()) {
            throw refusal(
                    job,
                    compare.id() + " compared with version "
                            + compare.result().path("left").asInt() + ", and version " + job.live()
                            + " is live. Compare again.");
        }
        if (verdict.equals("differs")) {
            throw refusal(
                    job,
                    "version " + version + " has " + outside(compare) + " rows outside the expectation. Look at /jobs/"
                            + job.name() + "/operations/" + compare.id()
                            + ", compare with a wider 'expect', or promote with gate \"none\".");
        }
    }

    private static long outside(Operation compare) {
        long outside = 0;
        for (com.fasterxml.jackson.databind.JsonNode output : compare.result().path("outputs")) {
            outside += output.path("outsideExpectation").asLong();
        }
        return outside;
    }

    private static WeirException refusal(Job job, String why) {
        return WeirException.conflict("job-gate", "Job '" + job.name() + "': compare does not allow promotion: " + why);
    }
}
