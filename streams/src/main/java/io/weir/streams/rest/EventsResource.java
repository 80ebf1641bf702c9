package io.weir.streams.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.life.Jobs;
import io.weir.streams.job.life.JobsHere;
import io.weir.streams.job.registry.Job;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/// `/jobs/{job}/events`: what happened to a job, as a list, or followed as server-sent events whose id is the job's
/// revision: a client that sends it back as `Last-Event-ID` misses nothing that is remembered.
@Singleton
@Path("/jobs/{job}/events")
@RunOnVirtualThread
public class EventsResource {
    private static final int MOST_FOLLOWERS = 100;
    /// A client that is gone is noticed with the next comment.
    private static final Duration QUIET = Duration.ofSeconds(10);

    private static final long SEND_SECONDS = 20;

    private final JobsHere here;
    private final Semaphore followers = new Semaphore(MOST_FOLLOWERS);

    @Inject
    EventsResource(JobsHere here) {
        this.here = here;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public ObjectNode list(@RestPath String job, @RestQuery @Nullable String after) {
        ObjectNode body = JobBodies.object().put("job", job);
        ArrayNode events = body.putArray("events");
        here.jobs().events(job, revision(after), Duration.ZERO).forEach(event -> events.add(body(event)));
        return body;
    }

    /// The lower quality makes a client that accepts anything get the list.
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS + ";qs=0.1")
    public void follow(
            @RestPath String job,
            @RestQuery @Nullable String after,
            @HeaderParam("Last-Event-ID") @Nullable String lastEventId,
            @Context SseEventSink sink,
            @Context Sse sse) {
        Jobs jobs = here.jobs();
        long rev = revision(lastEventId == null || lastEventId.isBlank() ? after : lastEventId);
        jobs.events(job, rev, Duration.ZERO); // an unknown job is a problem, not an empty stream
        if (!followers.tryAcquire()) {
            throw new WeirException(
                    "too-many-followers",
                    Whose.EXTERNAL,
                    429,
                    "Jobs: " + MOST_FOLLOWERS + " clients follow events of this node already. Try another node.",
                    null);
        }
        try (sink) {
            follow(jobs, job, rev, sink, sse);
        } finally {
            followers.release();
        }
    }

    private static void follow(Jobs jobs, String job, long from, SseEventSink sink, Sse sse) {
        long rev = from;
        try {
            while (!sink.isClosed()) {
                List<Job.Happened> events = jobs.events(job, rev, QUIET);
                for (Job.Happened event : events) {
                    send(
                            sink,
                            sse.newEventBuilder()
                                    .id(String.valueOf(event.rev()))
                                    .data(String.class, body(event).toString())
                                    .build());
                    rev = event.rev();
                }
                if (events.isEmpty()) {
                    send(sink, sse.newEventBuilder().comment("quiet").build());
                }
            }
        } catch (WeirException e) {
            return; // the job is gone
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            return; // the client is gone, or does not read
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(SseEventSink sink, OutboundSseEvent event)
            throws ExecutionException, TimeoutException, InterruptedException {
        sink.send(event).toCompletableFuture().get(SEND_SECONDS, TimeUnit.SECONDS);
    }

    private static ObjectNode body(Job.Happened event) {
        return JobBodies.object()
                .put("rev", event.rev())
                .put("at", event.at().toString())
                .put("event", event.event());
    }

    private static long revision(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return 0;
        }
        if (!given.matches("[0-9]{1,18}")) {
            throw new WeirException(
                    "parameter-invalid",
                    Whose.USER,
                    "Parameter 'after': must be a revision such as 17, got '" + given + "'.");
        }
        return Long.parseLong(given);
    }
}
