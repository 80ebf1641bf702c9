package io.weir.tiered.table;

import io.weir.log.fault.WeirException;
import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.shape.TopicColumns;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.jspecify.annotations.Nullable;

/// The columns of topics as their tables have them. Columns are added by name, may be null, and get their ids
/// from the table; a column that is there is never changed.
public final class TableLakeSchema implements LakeSchema {
    private static final int TRIES = 20;
    private static final Duration READ_WITHIN = Duration.ofSeconds(30);

    private final LakeTables tables;
    private final ExecutorService pool;
    private final Map<UUID, Known> known = new ConcurrentHashMap<>();

    /// @param location of the metadata that the columns stand in
    private record Known(String location, TopicColumns columns) {}

    /// @param pool where questions to the catalog run, so that their askers can give up; stays its owner's
    public TableLakeSchema(LakeTables tables, ExecutorService pool) {
        this.tables = tables;
        this.pool = pool;
    }

    @Override
    public TopicColumns columns(String topic, UUID topicId) throws IOException {
        return within(READ_WITHIN, topic, () -> {
            String location = tables.latestLocation(topicId).orElse(null);
            if (location == null) {
                return TopicColumns.NONE;
            }
            Known last = known.get(topicId);
            if (tables.home().isOwn() && last != null && last.location().equals(location)) {
                return last.columns();
            }
            return tables.find(topicId).map(table -> remembered(topicId, table)).orElse(TopicColumns.NONE);
        });
    }

    @Override
    public TopicColumns grow(String topic, UUID topicId, List<Column> wanted, Duration deadline) throws IOException {
        return within(deadline, topic, () -> {
            Table table = tables.ensure(topic, topicId);
            FixedColumns.check(topic, table.schema());
            FixedColumns.rename(table.schema(), table::updateSchema);
            if (!wanted.isEmpty()) {
                unite(table, ColumnMapping.schema(wanted));
            }
            table.refresh();
            return remembered(topicId, table);
        });
    }

    /// Iceberg does not try a change of schema again by itself.
    private static void unite(Table table, Schema wanted) {
        for (int tried = 1; true; tried++) {
            try {
                table.updateSchema().unionByNameWith(wanted).commit();
                return;
            } catch (CommitFailedException e) {
                if (tried == TRIES || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                table.refresh();
            }
        }
    }

    private TopicColumns remembered(UUID topicId, Table table) {
        Schema schema = table.schema();
        TopicColumns columns = new TopicColumns(schema.schemaId(), ColumnMapping.columns(schema));
        known.put(topicId, new Known(LakeTables.metadataLocation(table), columns));
        return columns;
    }

    private TopicColumns within(Duration deadline, String topic, Callable<TopicColumns> question) throws IOException {
        Future<TopicColumns> answer;
        try {
            answer = pool.submit(question);
        } catch (RejectedExecutionException e) {
            throw new IOException("Columns of topic '" + topic + "': asked for while the node stops.", e);
        }
        try {
            return answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException(
                    "Columns of topic '" + topic + "': the catalog must answer within " + deadline + ", did not.", e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw (IOException)
                    new InterruptedIOException("Columns of topic '" + topic + "': interrupted.").initCause(e);
        } catch (ExecutionException e) {
            throw translated(topic, e.getCause());
        }
    }

    private static IOException translated(String topic, @Nullable Throwable cause) {
        boolean expected = cause instanceof WeirException
                || cause instanceof IOException
                || cause instanceof UncheckedIOException
                || cause instanceof NotFoundException
                || cause instanceof CleanableFailure
                || cause instanceof CommitStateUnknownException
                || ForeignCatalog.isAway(cause)
                // another node has just added a column of the same name and another type
                || cause instanceof IllegalArgumentException;
        if (!expected && cause instanceof RuntimeException mistake) {
            throw mistake;
        }
        String why = cause == null ? "no answer" : String.valueOf(cause.getMessage());
        return new IOException("Columns of topic '" + topic + "': " + why, cause);
    }
}
