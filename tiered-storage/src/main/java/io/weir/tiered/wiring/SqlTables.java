package io.weir.tiered.wiring;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.TopicTables;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.shape.TopicColumns;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/// Tells SQL which columns topics have in their tables.
public final class SqlTables implements TopicTables {
    private final Supplier<Optional<LakeSchema>> tables;

    /// @param tables asked for at each question; empty while no archive is open
    public SqlTables(Supplier<Optional<LakeSchema>> tables) {
        this.tables = tables;
    }

    @Override
    public TopicColumns columns(TopicName topic, String topicId) {
        Optional<LakeSchema> present = tables.get();
        if (present.isEmpty()) {
            return TopicColumns.NONE;
        }
        Uuid id = Uuid.fromString(topicId);
        try {
            return present.get()
                    .columns(topic.value(), new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits()));
        } catch (IOException e) {
            throw new WeirException("archive-unavailable", Whose.EXTERNAL, String.valueOf(e.getMessage()), e);
        }
    }
}
