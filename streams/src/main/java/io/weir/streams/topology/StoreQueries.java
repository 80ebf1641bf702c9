package io.weir.streams.topology;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateQuestion;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.FailureReason;
import org.apache.kafka.streams.query.Position;
import org.apache.kafka.streams.query.PositionBound;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.jspecify.annotations.Nullable;

/// Queries of the tasks of one store in this process, for one question. Gathers the position they answer at. Used by
/// one thread, once.
final class StoreQueries {
    private final KafkaStreams streams;
    private final StateQuestion question;
    private final PositionBound bound;
    private final ShownValue shown;
    private final Map<String, Long> position = new HashMap<>();

    /// No answer to a query, and what to answer to the question instead.
    static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient StateAnswer answer;
        private final boolean unknownQuery;

        private Unanswered(StateAnswer answer, boolean unknownQuery) {
            super(null, null, false, false);
            this.answer = answer;
            this.unknownQuery = unknownQuery;
        }

        StateAnswer answer() {
            return answer;
        }

        /// Whether the store is of a kind that does not know such a query.
        boolean unknownQuery() {
            return unknownQuery;
        }
    }

    StoreQueries(KafkaStreams streams, StateQuestion question, boolean bounded, ShownValue shown) {
        this.shown = shown;
        this.streams = streams;
        this.question = question;
        this.bound = bounded ? bound(question.atLeast()) : PositionBound.unbounded();
    }

    /// Offsets of the last records, not of the ones behind them.
    private static PositionBound bound(Map<String, Long> atLeast) {
        Position least = Position.emptyPosition();
        for (Map.Entry<String, Long> each : atLeast.entrySet()) {
            if (each.getValue() > 0) {
                TopicPartition partition = StoreReads.partition(each.getKey());
                least = least.withComponent(partition.topic(), partition.partition(), each.getValue() - 1);
            }
        }
        return least.isEmpty() ? PositionBound.unbounded() : PositionBound.at(least);
    }

    /// Results by partition; where the result is an iterator the caller closes it.
    ///
    /// @throws Unanswered when a partition does not answer
    <R extends @Nullable Object> Map<Integer, QueryResult<R>> ask(Query<R> query) {
        return ask(question.store(), query, bound, true);
    }

    /// As [#ask], of a store beside the one that was asked for, whatever its position.
    <R extends @Nullable Object> Map<Integer, QueryResult<R>> askBeside(String store, Query<R> query) {
        return ask(store, query, PositionBound.unbounded(), false);
    }

    private <R extends @Nullable Object> Map<Integer, QueryResult<R>> ask(
            String store, Query<R> query, PositionBound least, boolean noted) {
        StateQueryRequest<R> request =
                StateQueryRequest.inStore(store).withQuery(query).withPositionBound(least);
        if (question.partition() >= 0) {
            request = request.withPartitions(Set.of(question.partition()));
        }
        // Kafka Streams forgets the bound where an active task is required; what meets it may be any task
        if (!question.stale() && least.isUnbounded()) {
            request = request.requireActive();
        }
        Map<Integer, QueryResult<R>> answered = new TreeMap<>();
        boolean missing = false;
        try {
            for (Map.Entry<Integer, QueryResult<R>> result :
                    streams.query(request).getPartitionResults().entrySet()) {
                if (result.getValue().isSuccess()) {
                    answered.put(result.getKey(), result.getValue());
                    if (noted) {
                        note(result.getValue().getPosition());
                    }
                } else {
                    missing |= missing(result.getValue());
                }
            }
        } catch (InvalidStateStoreException e) {
            throw new Unanswered(new StateAnswer.NotActive(), false);
        }
        if (answered.isEmpty() && (missing || question.partition() >= 0)) {
            throw new Unanswered(new StateAnswer.NotActive(), false);
        }
        return answered;
    }

    private static boolean missing(QueryResult<?> failed) {
        FailureReason reason = failed.getFailureReason();
        return switch (reason) {
            case NOT_ACTIVE, NOT_PRESENT, DOES_NOT_EXIST -> true;
            case NOT_UP_TO_BOUND ->
                throw new Unanswered(new StateAnswer.Behind(String.valueOf(failed.getFailureMessage())), false);
            case UNKNOWN_QUERY_TYPE, STORE_EXCEPTION ->
                throw new Unanswered(
                        new StateAnswer.Refused(String.valueOf(failed.getFailureMessage())),
                        reason == FailureReason.UNKNOWN_QUERY_TYPE);
        };
    }

    private void note(@Nullable Position at) {
        if (at == null) {
            return;
        }
        for (String topic : at.getTopics()) {
            at.getPartitionPositions(topic)
                    .forEach((partition, offset) -> position.merge(topic + "-" + partition, offset + 1, Math::max));
        }
    }

    JsonNode shown(Object value) {
        return shown.of(value);
    }

    /// Offsets behind the last records that the answers hold, by `topic-partition`.
    Map<String, Long> position() {
        return position;
    }
}
