package io.weir.server;

import io.weir.log.fault.WeirException;
import io.weir.streams.replay.ColumnFold;
import io.weir.streams.replay.FoldQuery;
import io.weir.tiered.archive.ArchivedColumns;
import io.weir.tiered.archive.ArchivedRecords;
import io.weir.tiered.query.ArchiveStatement;
import io.weir.tiered.query.ArchiveStatements;
import io.weir.tiered.query.ColdFile;
import io.weir.tiered.query.TypedMember;
import io.weir.tiered.query.TypedRows;
import io.weir.tiered.query.process.RowSink;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.rest.SqlRole;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.wiring.SqlColdFiles;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/// Folds the columns of this node's archive in the children that run its SQL.
@Singleton
public class ArchiveColumnFold implements ColumnFold {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Supplier<ArchivedRecords> archive;
    private final Function<DataFile, ColdFile> files;
    private final Supplier<ArchiveStatements> statements;

    @Inject
    ArchiveColumnFold(ArchiveHere archive, SqlColdFiles files, SqlRole sql) {
        this(() -> archive.parts().records(), files::file, () -> sql.engine().archive());
    }

    /// @param archive asked at each call, like the statements: both open after the node
    /// @param files how statements read a file of the archive
    public ArchiveColumnFold(
            Supplier<ArchivedRecords> archive,
            Function<DataFile, ColdFile> files,
            Supplier<ArchiveStatements> statements) {
        this.archive = archive;
        this.files = files;
        this.statements = statements;
    }

    @Override
    public Optional<String> absence() {
        try {
            return statements.get() == null ? Optional.of("nothing here runs SQL") : Optional.empty();
        } catch (WeirException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public Folded fold(TopicPartition partition, long from, long to, FoldQuery query) {
        return ArchiveColdReader.translated("Partition '" + partition + "'", () -> {
            ArchivedColumns columns = archive.get().columns(partition, from, to);
            List<byte[]> pages = new ArrayList<>();
            boolean truncated = columns.to() > from
                    && statements.get().run(statement(partition, columns, query), into(pages), LIMIT);
            return new Folded(columns.to(), columns.recordsUntil(), pages, truncated);
        });
    }

    private ArchiveStatement statement(TopicPartition partition, ArchivedColumns columns, FoldQuery query) {
        List<TypedMember> members = query.members().stream()
                .map(member -> new TypedMember(
                        member.column(),
                        member.key(),
                        TypedMember.Type.valueOf(member.type().name()),
                        member.queried()))
                .toList();
        return new ArchiveStatement(
                query.sql(),
                TypedRows.columns(members, columns.outlines()),
                partition.partition(),
                columns.from(),
                columns.to(),
                columns.files().stream().map(files).toList(),
                query.maxRows());
    }

    private static RowSink into(List<byte[]> pages) {
        return new RowSink() {
            @Override
            public void columns(List<ResultColumn> columns) {}

            @Override
            public void page(byte[] lines) {
                pages.add(lines);
            }
        };
    }
}
