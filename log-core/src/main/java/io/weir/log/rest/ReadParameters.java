package io.weir.log.rest;

import io.weir.log.read.Isolation;
import io.weir.log.read.RangeQuery;
import io.weir.log.read.ReadBounds;
import io.weir.log.read.RecordFilter;
import io.weir.log.read.StartPosition;
import io.weir.log.topic.TopicName;
import jakarta.ws.rs.core.UriInfo;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Query parameters that range reads and tails share.
///
/// @param query what to read
/// @param decoding how to show it
record ReadParameters(RangeQuery query, Decoding decoding) {
    private static final Set<String> NAMES =
            Set.of("partition", "offset", "limit", "isolation", "key", "contains", "not_before", "decode");
    private static final Set<String> TAIL_NAMES =
            Set.of("partition", "offset", "isolation", "key", "contains", "not_before", "decode");

    static ReadParameters ofRange(UriInfo request, TopicName topic) {
        Parameters parameters = Parameters.of(request, NAMES);
        StartPosition start =
                parameters.text("offset").map(StartPosition::parse).orElse(new StartPosition.Earliest());
        OptionalInt limit = parameters.number("limit");
        ReadBounds usual = start instanceof StartPosition.Last ? ReadBounds.widest() : ReadBounds.defaults();
        return of(parameters, topic, start, limit.isPresent() ? ReadBounds.ofRecords(limit.getAsInt()) : usual);
    }

    static ReadParameters ofTail(UriInfo request, TopicName topic) {
        Parameters parameters = Parameters.of(request, TAIL_NAMES);
        StartPosition start =
                parameters.text("offset").map(StartPosition::parse).orElse(new StartPosition.Latest());
        return of(parameters, topic, start, ReadBounds.defaults());
    }

    private static ReadParameters of(Parameters parameters, TopicName topic, StartPosition start, ReadBounds bounds) {
        Optional<Instant> notBefore =
                parameters.text("not_before").map(text -> StartPosition.instant(text, "Parameter 'not_before'"));
        RangeQuery query = new RangeQuery(
                topic,
                parameters.number("partition"),
                start,
                parameters.text("isolation").map(Isolation::parse).orElse(Isolation.READ_COMMITTED),
                new RecordFilter(parameters.text("key"), parameters.text("contains"), notBefore),
                bounds);
        return new ReadParameters(
                query, parameters.text("decode").map(Decoding::parse).orElse(Decoding.AUTO));
    }
}
