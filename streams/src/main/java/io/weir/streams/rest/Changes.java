package io.weir.streams.rest;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.life.JobSeen;
import io.weir.streams.job.life.Jobs;
import io.weir.streams.job.life.OperationSeen;
import io.weir.streams.job.life.RepeatedRequest;
import io.weir.streams.job.registry.Failure;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.Operation;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers to requests that change a job: 202 with the job, the operation and where to look it up.
@Singleton
public class Changes {
    /// Waits as asked, and answers.
    ///
    /// @throws WeirException `job-failed`, when the wait was for running and the job has failed
    Response untilRunning(Jobs jobs, Job job, WaitFor waitFor) {
        String name = job.name().value();
        Operation operation = job.lastOperation();
        if (waitFor.timeout().isZero()) {
            return accepted(jobs, name, operation);
        }
        jobs.awaitState(name, "LIVE"::equals, waitFor.timeout());
        JobSeen seen = jobs.get(name);
        if (seen.job().state() instanceof JobState.Failed failed) {
            throw failed(name, failed.failure());
        }
        return accepted(jobs, name, operation);
    }

    /// Waits for the operation to end, and answers.
    Response untilDone(Jobs jobs, Job job, Duration timeout) {
        String name = job.name().value();
        OperationSeen ended = jobs.awaitEnd(name, job.lastOperation(), timeout);
        return ended.operation().kind() == Operation.Kind.DELETE
                ? Response.accepted(JobBodies.operation(ended))
                        .location(location(name, ended.operation()))
                        .build()
                : accepted(jobs, name, ended.operation());
    }

    /// Does something once, and waits for its end; a repeated request waits for the operation it had begun
    /// before.
    Response once(Jobs jobs, String job, Duration timeout, Supplier<Job> change) {
        try {
            return untilDone(jobs, change.get(), timeout);
        } catch (RepeatedRequest e) {
            OperationSeen ended = jobs.awaitEnd(job, e.operation(), timeout);
            return accepted(jobs, job, ended.operation());
        }
    }

    /// Does something once, and waits as asked; a repeated request likewise.
    Response runningOnce(Jobs jobs, WaitFor waitFor, Supplier<Job> change) {
        try {
            return untilRunning(jobs, change.get(), waitFor);
        } catch (RepeatedRequest e) {
            if (!waitFor.timeout().isZero()) {
                jobs.awaitState(e.job(), "LIVE"::equals, waitFor.timeout());
            }
            return accepted(jobs, e.job(), e.operation());
        }
    }

    /// What is kept of a request that has no members: its key.
    static Map<String, String> keyed(@Nullable String key) {
        return RepeatedRequest.keyed(Map.of(), Optional.ofNullable(key));
    }

    /// Does something once and answers at once.
    static Response begunOnce(Jobs jobs, String job, Supplier<Job> change) {
        try {
            return begun(jobs, change.get());
        } catch (RepeatedRequest e) {
            return accepted(jobs, job, e.operation());
        }
    }

    /// Answers at once, with the operation that has begun.
    static Response begun(Jobs jobs, Job job) {
        return accepted(jobs, job.name().value(), job.lastOperation());
    }

    /// Reads `If-Match: "<rev>"`.
    static OptionalLong revision(@Nullable String ifMatch) {
        if (ifMatch == null || ifMatch.isBlank() || ifMatch.equals("*")) {
            return OptionalLong.empty();
        }
        String digits = ifMatch.replace("\"", "");
        if (!digits.matches("[0-9]{1,18}")) {
            throw new WeirException(
                    "parameter-invalid",
                    Whose.USER,
                    "Header 'If-Match': must be the job's revision in quotes, got '" + ifMatch + "'.");
        }
        return OptionalLong.of(Long.parseLong(digits));
    }

    private static Response accepted(Jobs jobs, String name, Operation operation) {
        JobSeen seen = jobs.get(name);
        Operation newest = seen.job().operation(operation.id()).orElse(operation);
        return Response.accepted(JobBodies.change(seen, newest))
                .location(location(name, newest))
                .tag(Long.toString(seen.job().rev()))
                .build();
    }

    private static URI location(String name, Operation operation) {
        return URI.create("/jobs/" + name + "/operations/" + operation.id());
    }

    private static WeirException failed(String name, Failure failure) {
        String where = failure.operator().isEmpty() ? "" : " at operator '" + failure.operator() + "'";
        String record = failure.position().isEmpty() ? "" : ", record " + failure.position();
        return new WeirException(
                "job-failed",
                failure.owner(),
                failure.owner() == Whose.USER ? 422 : 503,
                "Job '" + name + "': is deployed and failed" + where + record + ": " + failure.cause()
                        + (failure.fix().isEmpty() ? "" : " " + failure.fix()) + " See /jobs/" + name + ".",
                null);
    }
}
