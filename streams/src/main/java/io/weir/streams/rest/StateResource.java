package io.weir.streams.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.life.JobsHere;
import io.weir.streams.job.life.States;
import io.weir.streams.job.state.Place;
import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateQuestion;
import io.weir.streams.job.state.StoreInfo;
import io.weir.streams.job.state.StoreKind;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

/// `/jobs/{job}/stores`: what a running version keeps, on whichever node has it. A request is passed on at most once.
@Singleton
@Path("/jobs/{job}/stores")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class StateResource {
    private final JobsHere here;
    private final Neighbours neighbours = new Neighbours();

    @Inject
    StateResource(JobsHere here) {
        this.here = here;
    }

    @GET
    public ObjectNode stores(@RestPath String job, @Context UriInfo uri) {
        StateParameters parameters = new StateParameters(uri.getQueryParameters());
        return StateBodies.stores(here.jobs().states().here(job, parameters.version()));
    }

    /// The rows of a range of keys, of windows in a range of time; a page at a time, partition after partition.
    @GET
    @Path("/{store}")
    public ObjectNode range(
            @RestPath String job,
            @RestPath String store,
            @Context UriInfo uri,
            @HeaderParam(Neighbours.PASSED_ON) @Nullable String passedOn,
            @HeaderParam("Authorization") @Nullable String authorization) {
        Read read = read(job, store, null, uri, authorization);
        StateQuestion question = read.parameters.question(store, null);
        if (passedOn != null) {
            return read.local(question.of(question.partition(), read.parameters.after(), question.limit()));
        }
        return pages(read, question);
    }

    /// The row of a key, or its windows in a range of time.
    @GET
    @Path("/{store}/{key:.+}")
    public ObjectNode key(
            @RestPath String job,
            @RestPath String store,
            @RestPath String key,
            @Context UriInfo uri,
            @HeaderParam(Neighbours.PASSED_ON) @Nullable String passedOn,
            @HeaderParam("Authorization") @Nullable String authorization) {
        Read read = read(job, store, key, uri, authorization);
        StateQuestion question = read.parameters.question(store, key);
        if (passedOn != null) {
            return read.local(question);
        }
        ObjectNode answer = null;
        for (Place place : read.places(key)) {
            answer = read.at(place, question.of(place.partition(), read.parameters.after(), question.limit()));
            if (!answer.withArray("rows").isEmpty()) {
                break;
            }
        }
        return ofOneKey(read, key, answer);
    }

    /// A table's only row stands at the top.
    private static ObjectNode ofOneKey(Read read, String key, @Nullable ObjectNode answer) {
        if (answer == null) {
            throw read.version.restoring(read.store.name());
        }
        ArrayNode rows = answer.withArray("rows");
        boolean oneRow = switch (read.store.kind()) {
            case KEY_VALUE, VERSIONED, GLOBAL -> true;
            case OWN_CODE -> rows.isEmpty() || !rows.path(0).has("window");
            case WINDOW, SLIDING, SESSION, INTERNAL -> false;
        };
        if (!oneRow) {
            return answer;
        }
        if (rows.isEmpty()) {
            throw WeirException.notFound(
                    "key-unknown",
                    "Job '" + read.version.job() + "', version " + read.version.version() + ": store '"
                            + read.store.name() + "' has no row for key '" + key + "'.");
        }
        JsonNode row = rows.path(0);
        answer.remove("rows");
        answer.set("key", row.path("key"));
        answer.set("value", row.path("value"));
        return answer;
    }

    /// `after` is `<partition>.<where its page ended>`.
    private static ObjectNode pages(Read read, StateQuestion question) {
        String after = read.parameters.after();
        int first = after == null ? Integer.MIN_VALUE : partitionOf(after);
        String behind = after == null ? null : after.substring(after.indexOf('.') + 1);
        int left = question.limit();
        ObjectNode whole = StateBodies.answer(read.version, read.store);
        whole.putArray("rows");
        whole.putObject("position");
        List<Place> places = read.places(null);
        for (Place place : places) {
            boolean asked = place.partition() >= first
                    && (question.partition() < 0 || place.partition() == question.partition());
            if (!asked) {
                continue;
            }
            if (left == 0) {
                whole.put("next", place.partition() + ".");
                break;
            }
            String from = place.partition() == first && behind != null && !behind.isEmpty() ? behind : null;
            ObjectNode part = read.at(place, question.of(place.partition(), from, left));
            left -= part.withArray("rows").size();
            whole.withArray("rows").addAll(part.withArray("rows"));
            whole.withObject("position").setAll(part.withObject("position"));
            if (part.has("next")) {
                whole.put("next", place.partition() + "." + part.path("next").asText());
                break;
            }
        }
        return whole;
    }

    private static int partitionOf(String after) {
        try {
            return Integer.parseInt(after.substring(0, Math.max(0, after.indexOf('.'))));
        } catch (NumberFormatException e) {
            throw StateParameters.refusal("after", "must be what a page gave as next", after);
        }
    }

    private Read read(String job, String store, @Nullable String key, UriInfo uri, @Nullable String authorization) {
        StateParameters parameters = new StateParameters(uri.getQueryParameters());
        States states = here.jobs().states();
        States.Here version = states.here(job, parameters.version());
        return new Read(states, version, version.store(store), key, parameters, authorization);
    }

    /// One request.
    private final class Read {
        private final States states;
        private final States.Here version;
        private final StoreInfo store;
        private final @Nullable String key;
        private final StateParameters parameters;
        private final @Nullable String authorization;

        Read(
                States states,
                States.Here version,
                StoreInfo store,
                @Nullable String key,
                StateParameters parameters,
                @Nullable String authorization) {
            this.states = states;
            this.version = version;
            this.store = store;
            this.key = key;
            this.parameters = parameters;
            this.authorization = authorization;
        }

        List<Place> places(@Nullable String wanted) {
            List<Place> places = states.places(version, store, wanted);
            if (places.isEmpty() && store.kind() != StoreKind.INTERNAL) {
                throw version.restoring(store.name());
            }
            return places;
        }

        ObjectNode at(Place place, StateQuestion question) {
            return place.here() ? local(question) : remote(place, question);
        }

        ObjectNode local(StateQuestion question) {
            StateAnswer.Rows rows = states.read(version, question, parameters.patience());
            ObjectNode body = StateBodies.answer(version, store);
            body.putArray("rows");
            StateBodies.add(body, rows);
            if (rows.next() != null) {
                body.put("next", rows.next());
            }
            return body.put("node", here.address().getAuthority());
        }

        private ObjectNode remote(Place place, StateQuestion question) {
            String path = "jobs/" + StateParameters.escape(version.job()) + "/stores/"
                    + StateParameters.escape(store.name())
                    + (key == null ? "" : "/" + StateParameters.escape(key))
                    + parameters.query(place.partition(), question.after(), question.limit(), version.version());
            return neighbours.get(here.address(), place.server(), path, authorization);
        }
    }
}
