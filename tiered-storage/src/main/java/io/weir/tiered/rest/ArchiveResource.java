package io.weir.tiered.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.LakeTopic;
import io.weir.tiered.archive.NoSuchTopicException;
import io.weir.tiered.archive.TierNow;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestPath;

/// `/archive`: what is archived, topic by topic, and archiving one to its end now.
@Singleton
@Path("/archive")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class ArchiveResource {
    private final ArchiveHere here;
    private final ArchiveCare care;

    @Inject
    ArchiveResource(ArchiveHere here, ArchiveCare care) {
        this.here = here;
        this.care = care;
    }

    /// Sums of every archived topic.
    @GET
    public ObjectNode list() {
        ArchiveHere.Parts parts = here.parts();
        return ArchiveFaults.translated(parts.archiving()::names, () -> {
            ObjectNode body = JsonNodeFactory.instance.objectNode();
            ArrayNode topics = body.putArray("topics");
            for (String topic : parts.archiving().topics()) {
                try {
                    topics.add(ArchiveBodies.summary(parts.fold().snapshot(topic), true));
                } catch (NoSuchTopicException e) {
                    // deleted between the two questions: it is no longer archived
                }
            }
            return body;
        });
    }

    /// Segments of one topic with their offsets, files and sizes; `hotFrom` is the first offset that is not
    /// archived, `lag` how far the archive was behind when this node looked last.
    @GET
    @Path("/{topic}")
    public ObjectNode get(@RestPath String topic) {
        ObjectNode body = CareBodies.withLag(archived(topic), topic, care.lag().lags());
        body.set("settings", CareBodies.settings(care.topics().of(topic)));
        return body;
    }

    /// Changes settings of the topic that Kafka does not know: `{"lake.mode":"classic","lake.freshness":"10m"}`; null
    /// goes back to what the node says. Answers all that are set. They hold for segments closed from then on.
    @PATCH
    @Path("/{topic}")
    @Consumes(MediaType.APPLICATION_JSON)
    public ObjectNode alter(@RestPath String topic, ObjectNode changes) {
        ArchiveHere.Parts parts = here.parts();
        Map<String, Optional<String>> values = new LinkedHashMap<>();
        changes.properties()
                .forEach(change -> values.put(
                        change.getKey(),
                        change.getValue().isNull()
                                ? Optional.empty()
                                : Optional.of(change.getValue().asText())));
        try {
            return ArchiveFaults.translated(
                    parts.archiving()::names,
                    () -> CareBodies.settings(care.topics().alter(topic, known -> known.with(values))));
        } catch (LakeTopic.InvalidSettingException e) {
            throw new WeirException("setting-invalid", Whose.USER, "Topic '" + topic + "': " + e.getMessage(), e);
        }
    }

    private ObjectNode archived(String topic) {
        ArchiveHere.Parts parts = here.parts();
        return ArchiveFaults.translated(parts.archiving()::names, () -> {
            ArchivedTopic archived = parts.fold().snapshot(topic);
            return ArchiveBodies.full(
                    archived, parts.archiving().isOn(topic), parts.lake().summary(archived.topicId()));
        });
    }

    /// Archives the topic to its present end and drops the local copies. Answers 202 at once; ask `GET` how
    /// far it is.
    @POST
    @Path("/{topic}/tier")
    public Response tier(@RestPath String topic) {
        ArchiveHere.Parts parts = here.parts();
        TierNow.Progress progress = ArchiveFaults.translated(
                parts.archiving()::names, () -> parts.tierNow().start(topic));
        return Response.accepted(ArchiveBodies.progress(progress)).build();
    }

    @GET
    @Path("/{topic}/tier")
    public ObjectNode progress(@RestPath String topic) {
        ArchiveHere.Parts parts = here.parts();
        return ArchiveFaults.translated(
                parts.archiving()::names,
                () -> ArchiveBodies.progress(parts.tierNow().progress(topic)));
    }
}
