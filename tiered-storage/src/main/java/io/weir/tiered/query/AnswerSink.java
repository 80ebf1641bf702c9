package io.weir.tiered.query;

import io.weir.log.topic.TopicName;
import io.weir.tiered.query.process.RowSink.ResultColumn;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// Receives an answer, from the thread that runs the statement. After `begin` a statement may still fail, but is
/// not planned again.
public interface AnswerSink {
    /// @param queryId names the statement while it runs
    void begin(String queryId, List<ResultColumn> columns, Map<TopicName, TopicCut> cut) throws IOException;

    /// @param lines whole lines, UTF-8
    void page(byte[] lines) throws IOException;
}
