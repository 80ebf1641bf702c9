package io.weir.tiered.archive;

import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.CountingLakeSchema;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.shape.TopicColumns;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Keeps columns, and does not answer every seventh call; the first it does.
final class FailingLakeSchema implements LakeSchema {
    private static final int EVERY = 7;

    private final CountingLakeSchema schema = new CountingLakeSchema();
    private int calls;
    int failures;

    @Override
    public synchronized TopicColumns columns(String topic, UUID topicId) throws IOException {
        maybeFail();
        return schema.columns(topic, topicId);
    }

    @Override
    public synchronized TopicColumns grow(String topic, UUID topicId, List<Column> wanted, Duration deadline)
            throws IOException {
        maybeFail();
        return schema.grow(topic, topicId, wanted, deadline);
    }

    /// The topic begins again without columns.
    synchronized void forget() {
        schema.forget();
    }

    private void maybeFail() throws IOException {
        calls++;
        if (calls % EVERY == 0) {
            failures++;
            throw new IOException("The catalog does not answer.");
        }
    }
}
