package io.weir.tiered.query;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import io.weir.tiered.query.CutPlan.FileRange;
import io.weir.tiered.query.gate.Gate;
import io.weir.tiered.query.gate.GatedStatement;
import io.weir.tiered.query.gate.RowBounds;
import io.weir.tiered.query.process.ChildLease;
import io.weir.tiered.query.process.ChildPool;
import io.weir.tiered.query.process.ChildStatement;
import io.weir.tiered.query.process.Deadline;
import io.weir.tiered.query.process.Outcome;
import io.weir.tiered.query.process.ParseAnswer;
import io.weir.tiered.query.process.RowSink;
import io.weir.tiered.query.schema.PinnedSchemas;
import io.weir.tiered.query.schema.TableColumns;
import io.weir.tiered.query.schema.TopicSchema;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs statements: gate, cut, plan, hot part, child. Thread-safe; `run` blocks its caller to the end of the answer.
///
/// The order is what makes an answer exact: the archive's snapshot first, then the end of the log. So nothing that
/// moves from hot to cold meanwhile is missed or counted twice.
public final class SqlEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqlEngine.class);
    private static final int SAMPLED_RECORDS = 20_000;

    private final SqlSettings settings;
    private final Parts parts;
    private final HotTail hotTail;
    private final FileGuard files = new FileGuard();
    private final FileCache cache;
    private final Map<String, RunningQuery> running = new ConcurrentHashMap<>();

    /// What the engine works with; it closes none of it.
    ///
    /// @param consumers read_committed, without a group, `auto.offset.reset=none`
    /// @param store of files that are not read where they lie
    /// @param ids unique names of statements
    public record Parts(
            TopicLog log,
            Supplier<Consumer<byte[], byte[]>> consumers,
            ColdFiles coldFiles,
            Supplier<ObjectStore> store,
            TopicTables tables,
            PinnedSchemas schemas,
            TopicReadAccess access,
            Gate gate,
            ChildPool children,
            Clock clock,
            Supplier<String> ids) {}

    public SqlEngine(SqlSettings settings, Parts parts) throws IOException {
        this.settings = settings;
        this.parts = parts;
        this.hotTail = new HotTail(
                settings.directory(), settings.hotMaxBytes(), settings.hotReaders(), new HotReader(parts.consumers()));
        this.cache = new FileCache(settings.cache(), parts.store());
    }

    /// A statement with all that stands behind its names.
    ///
    /// @param sql what the child runs
    private record Planned(
            String sql, List<RelationName> names, Map<TopicName, CutPlan> cuts, Map<TopicName, TopicSchema> schemas) {
        List<ColdFile> coldFiles() {
            return names.stream()
                    .flatMap(name -> cut(name.topic()).coldFiles(name.half()).stream())
                    .map(FileRange::file)
                    .distinct()
                    .toList();
        }

        CutPlan cut(TopicName topic) {
            CutPlan plan = cuts.get(topic);
            if (plan == null) {
                throw new IllegalStateException("Topic '" + topic + "' was not planned.");
            }
            return plan;
        }

        Map<TopicName, TopicCut> cut() {
            Map<TopicName, TopicCut> cut = new TreeMap<>();
            cuts.forEach((topic, plan) -> cut.put(topic, plan.cut()));
            return cut;
        }

        int filesKnown() {
            return cuts.values().stream()
                    .flatMap(plan -> plan.snapshot().partitions().values().stream())
                    .mapToInt(partition -> partition.files().size())
                    .sum();
        }
    }

    /// Runs one statement; the sink gets its rows.
    ///
    /// @throws WeirException all that can go wrong, in the words of the reference page
    /// @throws IOException the sink's own; the statement has ended
    public SqlAnswer run(SqlRequest request, AnswerSink sink) throws IOException {
        Deadline deadline = Deadline.after(parts.clock(), request.timeLimit());
        RunningQuery query = new RunningQuery(parts.ids().get(), request.principal(), request.sql(), deadline);
        running.put(query.id(), query);
        String decision = "error";
        long rows = 0;
        try {
            SqlAnswer answer = run(request, query, deadline, sink);
            decision = "answered";
            rows = answer.rows();
            return answer;
        } catch (WeirException e) {
            decision = e.code();
            if (query.isCancelled()) {
                throw ChildProblems.cancelled();
            }
            throw e;
        } finally {
            running.remove(query.id());
            LOG.info(
                    "SQL statement ended: query={} principal={} hash={} decision={} rows={} elapsedMillis={}",
                    query.id(),
                    request.principal(),
                    Integer.toHexString(request.sql().hashCode()),
                    decision,
                    rows,
                    query.elapsedMillis());
        }
    }

    private SqlAnswer run(SqlRequest request, RunningQuery query, Deadline deadline, AnswerSink sink)
            throws IOException {
        Gate.checkLength(request.sql());
        try (ChildLease child = parts.children().lease(request.principal(), deadline)) {
            query.runsIn(child);
            GatedStatement statement = parse(request.sql(), child, deadline);
            query.enter(RunningQuery.Stage.PARSED);
            List<RelationName> names = authorised(statement, request.principal());
            query.enter(RunningQuery.Stage.AUTHORISED);
            Map<TopicName, TopicSchema> schemas = schemas(topics(names));
            String sql = limited(request, statement, child, deadline);
            Planned planned = plan(sql, names, schemas, request.asOf(), statement.bounds());
            try {
                return execute(request, planned, query, child, deadline, sink);
            } catch (HotReader.OffsetsGone | FilesGone e) {
                // Retention ran, or a file was replaced, between planning and reading: plan once more.
                LOG.info("SQL statement is planned again: query={} reason={}", query.id(), e.getMessage());
                AsOf same = e instanceof FilesGone ? sameEnds(planned) : request.asOf();
                Planned anew = plan(sql, names, schemas, same, statement.bounds());
                return executeAgain(request, anew, query, child, deadline, sink);
            }
        }
    }

    private SqlAnswer executeAgain(
            SqlRequest request,
            Planned planned,
            RunningQuery query,
            ChildLease child,
            Deadline deadline,
            AnswerSink sink)
            throws IOException {
        try {
            return execute(request, planned, query, child, deadline, sink);
        } catch (HotReader.OffsetsGone e) {
            throw new WeirException("offset-gone", Whose.USER, 409, e.getMessage() + " Retention ran.", e);
        } catch (FilesGone e) {
            throw e.problem;
        }
    }

    /// A file of the snapshot is not there any more.
    private static final class FilesGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // never serialised
        private final WeirException problem;

        FilesGone(WeirException problem) {
            super(problem.getMessage(), problem);
            this.problem = problem;
        }
    }

    private GatedStatement parse(String sql, ChildLease child, Deadline deadline) {
        return switch (child.parse(sql, deadline)) {
            case ParseAnswer.Tree tree -> parts.gate().check(tree.json());
            case ParseAnswer.Refused refusal -> throw ChildProblems.refused(refusal, sql);
        };
    }

    private List<RelationName> authorised(GatedStatement statement, String principal) {
        if (statement.relations().isEmpty()) {
            return List.of();
        }
        List<RelationName> names =
                RelationNames.resolve(statement.relations(), parts.log().topicNames());
        for (RelationName name : names) {
            if (!parts.access().mayRead(principal, name.topic())) {
                throw new WeirException(
                        "topic-forbidden",
                        Whose.USER,
                        403,
                        "Topic '" + name.topic() + "': '" + principal + "' may not read it.",
                        null);
            }
        }
        return names;
    }

    private static Set<TopicName> topics(List<RelationName> names) {
        return names.stream().map(RelationName::topic).collect(Collectors.toSet());
    }

    /// The columns of a topic, pinned by this call when they were not.
    ///
    /// @throws WeirException `topic-unknown`
    public TopicSchema schema(TopicName topic) {
        RelationNames.resolve(Set.of(topic.value()), parts.log().topicNames());
        TopicSchema schema = withTables(schemas(Set.of(topic))).get(topic);
        return schema == null ? TopicSchema.unknown("") : schema;
    }

    private Map<TopicName, TopicSchema> schemas(Set<TopicName> topics) {
        Map<TopicName, TopicSchema> schemas = new HashMap<>();
        if (topics.isEmpty()) {
            return schemas;
        }
        Map<TopicName, Map<Integer, OffsetRange>> ranges = parts.log().ranges(topics);
        for (TopicName topic : topics) {
            Map<Integer, OffsetRange> partitions = ranges.getOrDefault(topic, Map.of());
            long ends = partitions.values().stream().mapToLong(OffsetRange::to).sum();
            String id = parts.log().topicId(topic);
            TopicSchema pinned = parts.schemas()
                    .current(topic, id, ends, () -> parts.log().sample(topic, partitions, SAMPLED_RECORDS));
            schemas.put(topic, pinned);
        }
        return schemas;
    }

    /// The user's text, with a LIMIT of one row more than is asked for where it has none: nobody reads the rows
    /// beyond, and DuckDB need not make them. The limit stands behind the text, so positions in messages hold.
    private String limited(SqlRequest request, GatedStatement statement, ChildLease child, Deadline deadline) {
        if (!statement.limitable() || request.explain() || request.maxRows() == Long.MAX_VALUE) {
            return request.sql();
        }
        String text = request.sql().stripTrailing();
        String withLimit = (text.endsWith(";") ? text.substring(0, text.length() - 1) : text) + "\nLIMIT "
                + (request.maxRows() + 1);
        boolean same =
                child.parse(withLimit, deadline) instanceof ParseAnswer.Tree tree && isSameButLimited(statement, tree);
        return same ? withLimit : request.sql();
    }

    private boolean isSameButLimited(GatedStatement statement, ParseAnswer.Tree tree) {
        try {
            GatedStatement limited = parts.gate().check(tree.json());
            return !limited.limitable() && limited.relations().equals(statement.relations());
        } catch (WeirException e) {
            return false;
        }
    }

    private Planned plan(
            String sql, List<RelationName> names, Map<TopicName, TopicSchema> schemas, AsOf asOf, RowBounds bounds) {
        Set<TopicName> topics = topics(names);
        Map<TopicName, ColdSnapshot> snapshots = new HashMap<>();
        topics.forEach(topic -> snapshots.put(topic, parts.coldFiles().snapshot(topic)));
        // Only now the end of the log: all that the snapshots hold lies below it.
        Map<TopicName, Map<Integer, OffsetRange>> ranges =
                topics.isEmpty() ? Map.of() : parts.log().ranges(topics);
        Map<TopicName, CutPlan> cuts = new HashMap<>();
        snapshots.forEach((topic, snapshot) -> cuts.put(
                topic,
                CutPlan.of(topic, snapshot, ranges.getOrDefault(topic, Map.of()), asOf)
                        .within(bounds)));
        return new Planned(sql, names, cuts, withTables(schemas));
    }

    /// Asked for after the snapshots: the tables then have the columns of every file in them.
    private Map<TopicName, TopicSchema> withTables(Map<TopicName, TopicSchema> pinned) {
        Map<TopicName, TopicSchema> schemas = new HashMap<>();
        pinned.forEach((topic, schema) ->
                schemas.put(topic, TableColumns.over(schema, parts.tables().columns(topic, schema.topicId()))));
        return schemas;
    }

    /// The same upper bounds again, whatever the archive holds now.
    private static AsOf sameEnds(Planned planned) {
        Map<TopicName, AsOf.Vector> vectors = new HashMap<>();
        planned.cut().forEach((topic, cut) -> {
            Map<Integer, Long> to = new HashMap<>();
            cut.partitions().forEach((partition, part) -> to.put(partition, part.to()));
            vectors.put(topic, new AsOf.Vector(Map.of(), to, Map.of()));
        });
        return new AsOf(vectors);
    }

    private SqlAnswer execute(
            SqlRequest request,
            Planned planned,
            RunningQuery query,
            ChildLease child,
            Deadline deadline,
            AnswerSink sink)
            throws IOException {
        query.enter(RunningQuery.Stage.PLANNED);
        List<ColdFile> cold = planned.coldFiles();
        query.enter(RunningQuery.Stage.FETCHING);
        List<HotLease> leases = new ArrayList<>();
        try (FileCache.Lease fetched = fetched(cold, query, deadline)) {
            Map<TopicName, List<HotChunk>> hot = acquireHot(planned, leases, deadline);
            ChildStatement statement = new ChildStatement(
                    planned.sql(),
                    StatementPlan.relations(planned.names(), planned.cuts(), hot, planned.schemas()),
                    request.explain(),
                    request.format(),
                    request.maxRows(),
                    settings.answerMaxBytes());
            query.enter(RunningQuery.Stage.RUNNING);
            if (deadline.isOver()) {
                throw ChildProblems.timeout(query, request.timeLimit().toMillis());
            }
            Outcome outcome = child.execute(statement, adapted(query, planned, sink), deadline);
            files.checkUnchanged(cold);
            return answer(outcome, request, planned, query, fetched.fetchedBytes(), rows(hot));
        } finally {
            leases.forEach(HotLease::close);
        }
    }

    /// Runs a statement over the whole of these files, whatever the log has of the topic.
    ///
    /// @param topic the only one that the statement may name
    /// @param cold the archive's files of the topic
    /// @param local files of rows beside them, on this machine
    public SqlAnswer runOver(
            SqlRequest request, TopicName topic, List<ColdFile> cold, List<Path> local, AnswerSink sink)
            throws IOException {
        Deadline deadline = Deadline.after(parts.clock(), request.timeLimit());
        RunningQuery query = new RunningQuery(parts.ids().get(), request.principal(), request.sql(), deadline);
        running.put(query.id(), query);
        try (ChildLease child = parts.children().lease(request.principal(), deadline)) {
            query.runsIn(child);
            List<RelationName> names = authorised(parse(request.sql(), child, deadline), request.principal());
            if (!topics(names).equals(Set.of(topic))) {
                throw new WeirException(
                        "sql-not-allowed", Whose.USER, "Topic '" + topic + "': the statement must name no other.");
            }
            CutPlan nothing = CutPlan.of(topic, new ColdSnapshot(Map.of()), Map.of(), AsOf.now());
            Planned planned =
                    new Planned(request.sql(), names, Map.of(topic, nothing), withTables(schemas(topics(names))));
            try (FileCache.Lease fetched = fetched(cold, query, deadline)) {
                List<String> files = Stream.concat(cold.stream().map(ColdFile::location), local.stream())
                        .map(Path::toString)
                        .toList();
                ChildStatement statement = new ChildStatement(
                        planned.sql(),
                        StatementPlan.over(names, files, planned.schemas()),
                        request.explain(),
                        request.format(),
                        request.maxRows(),
                        settings.answerMaxBytes());
                query.enter(RunningQuery.Stage.RUNNING);
                Outcome outcome = child.execute(statement, adapted(query, planned, sink), deadline);
                this.files.checkUnchanged(cold);
                return answer(outcome, request, planned, query, fetched.fetchedBytes(), 0);
            } catch (FilesGone e) {
                throw e.problem;
            }
        } finally {
            running.remove(query.id());
        }
    }

    /// The archive's files, here and as they should be.
    private FileCache.Lease fetched(List<ColdFile> cold, RunningQuery query, Deadline deadline) {
        FileCache.Lease lease = null;
        try {
            lease = cache.acquire(cold, deadline);
            if (deadline.isOver()) {
                throw ChildProblems.timeout(query, deadline.limit().toMillis());
            }
            files.check(cold);
            return lease;
        } catch (WeirException e) {
            if (lease != null) {
                lease.close();
            }
            if (e.code().equals("archive-corrupt")) {
                cache.forget(cold);
            }
            if (e.code().equals("archive-file-missing")) {
                throw new FilesGone(e);
            }
            throw e;
        }
    }

    private Map<TopicName, List<HotChunk>> acquireHot(Planned planned, List<HotLease> leases, Deadline deadline) {
        Map<TopicName, List<HotChunk>> hot = new HashMap<>();
        for (TopicName topic : planned.cuts().keySet()) {
            CutPlan cut = planned.cut(topic);
            Map<Integer, OffsetRange> wanted = new TreeMap<>();
            for (RelationName name : planned.names()) {
                if (name.topic().equals(topic)) {
                    cut.hotRanges(name.half())
                            .forEach((partition, range) -> wanted.merge(
                                    partition,
                                    range,
                                    (a, b) -> new OffsetRange(Math.min(a.from(), b.from()), Math.max(a.to(), b.to()))));
                }
            }
            TopicSchema schema = planned.schemas().getOrDefault(topic, TopicSchema.unknown(""));
            HotLease lease = hotTail.acquire(topic, schema.topicId(), wanted, cut.committed(), deadline);
            leases.add(lease);
            hot.put(topic, lease.chunks());
        }
        return hot;
    }

    private static long rows(Map<TopicName, List<HotChunk>> hot) {
        return hot.values().stream()
                .flatMap(List::stream)
                .mapToLong(HotChunk::rows)
                .sum();
    }

    private static RowSink adapted(RunningQuery query, Planned planned, AnswerSink sink) {
        return new RowSink() {
            @Override
            public void columns(List<ResultColumn> columns) throws IOException {
                query.enter(RunningQuery.Stage.STREAMING);
                sink.begin(query.id(), columns, planned.cut());
            }

            @Override
            public void page(byte[] lines) throws IOException {
                sink.page(lines);
            }
        };
    }

    private SqlAnswer answer(
            Outcome outcome, SqlRequest request, Planned planned, RunningQuery query, long fetched, long hotRows) {
        int filesPlanned = planned.coldFiles().size();
        return switch (outcome) {
            case Outcome.Done done ->
                new SqlAnswer(
                        query.id(),
                        done.rows(),
                        done.truncated(),
                        new SqlAnswer.Stats(
                                filesPlanned,
                                planned.filesKnown() - filesPlanned,
                                fetched,
                                hotRows,
                                query.elapsedMillis()));
            case Outcome.Failed failure -> throw ChildProblems.failed(failure);
            case Outcome.TimedOut timedOut ->
                throw ChildProblems.timeout(query, request.timeLimit().toMillis());
            case Outcome.Cancelled cancelled -> throw ChildProblems.cancelled();
        };
    }

    /// The statements under way, the oldest first.
    public List<RunningQuery> running() {
        return running.values().stream()
                .sorted((a, b) -> Long.compare(b.elapsedMillis(), a.elapsedMillis()))
                .toList();
    }

    /// Ends a statement of this principal.
    ///
    /// @throws WeirException `query-unknown`
    public void cancel(String id, String principal) {
        RunningQuery query = running.get(id);
        if (query == null || !query.principal().equals(principal)) {
            throw WeirException.notFound("query-unknown", "Statement '" + id + "': is not running.");
        }
        query.cancel();
    }

    /// Statements of the node itself, over the same files and in the same children.
    public ArchiveStatements archive() {
        return new ArchiveStatements(parts.children(), cache, files, parts.clock());
    }

    /// Longest a statement may take.
    public java.time.Duration timeLimit() {
        return settings.timeLimit();
    }

    @Override
    public void close() {
        running.values().forEach(RunningQuery::cancel);
        hotTail.close();
        cache.close();
    }
}
