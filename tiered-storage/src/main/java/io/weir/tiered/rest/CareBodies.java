package io.weir.tiered.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.tiered.archive.Finding;
import io.weir.tiered.archive.JanitorReport;
import io.weir.tiered.archive.LakeTopic;
import io.weir.tiered.archive.Orphan;
import io.weir.tiered.archive.PartitionLag;
import io.weir.tiered.archive.Verification;
import java.util.List;
import java.util.Locale;

/// The JSON bodies of `/archive/verify` and `/archive/orphans`.
final class CareBodies {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private CareBodies() {}

    static ObjectNode verification(Verification verification) {
        ObjectNode body = JSON.objectNode();
        body.put("id", verification.id());
        verification.topic().ifPresent(topic -> body.put("topic", topic));
        body.put("level", verification.level().name().toLowerCase(Locale.ROOT))
                .put("state", verification.state().name())
                .put("segments", verification.segments())
                .put("segmentsDone", verification.segmentsDone())
                .put("records", verification.records())
                .put("comparedRecords", verification.comparedRecords())
                .put("tableRows", verification.tableRows());
        ArrayNode findings = body.putArray("findings");
        verification.findings().forEach(finding -> findings.add(finding(finding)));
        ArrayNode unverified = body.putArray("unverified");
        verification.unverified().forEach(unverified::add);
        return body;
    }

    private static ObjectNode finding(Finding finding) {
        return JSON.objectNode()
                .put("object", finding.object())
                .put("topic", finding.topic())
                .put("partition", finding.partition())
                .put("firstOffset", finding.firstOffset())
                .put("lastOffset", finding.lastOffset())
                .put("problem", finding.problem());
    }

    /// Adds to the body of a topic what is known of its lag.
    static ObjectNode withLag(ObjectNode body, String topic, List<PartitionLag> lags) {
        ArrayNode list = body.putArray("lag");
        lags.stream()
                .filter(lag -> lag.topic().equals(topic))
                .forEach(lag -> list.addObject()
                        .put("partition", lag.partition())
                        .put("tieredTo", lag.tieredTo())
                        .put("end", lag.end())
                        .put("records", lag.records())
                        .put("bytes", lag.bytes())
                        .put("since", lag.since().toString()));
        return body;
    }

    static ObjectNode settings(LakeTopic topic) {
        ObjectNode body = JSON.objectNode();
        topic.settings().forEach(body::put);
        return body;
    }

    static ObjectNode report(JanitorReport report) {
        ObjectNode body = JSON.objectNode();
        body.put("at", report.at().toString()).put("objects", report.objects());
        report.refused().ifPresent(reason -> body.put("refused", reason));
        body.put("deletesFrom", report.deletesFrom().toString());
        ArrayNode orphans = body.putArray("orphans");
        report.orphans().forEach(orphan -> orphans.add(orphan(orphan)));
        ArrayNode deleted = body.putArray("deleted");
        report.deleted().forEach(deleted::add);
        return body;
    }

    private static ObjectNode orphan(Orphan orphan) {
        return JSON.objectNode()
                .put("path", orphan.path())
                .put("bytes", orphan.lengthBytes())
                .put("modified", orphan.modified().toString())
                .put("reason", orphan.reason())
                .put("firstSeen", orphan.firstSeen().toString());
    }
}
