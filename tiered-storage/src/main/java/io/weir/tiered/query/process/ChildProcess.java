package io.weir.tiered.query.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.tiered.query.child.Frame;
import io.weir.tiered.query.child.FrameType;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// One running SQL child and the conversation with it. One statement at a time, by one thread; `cancel` and `kill`
/// by any thread.
///
/// `Starting -> Ready -> Busy -> Ready | Killed | Lost`: after `ChildLost` or `kill` it is of no more use.
final class ChildProcess {
    /// After the limit: how long until CANCEL, and until the process is killed.
    static final long CANCEL_GRACE_MILLIS = 1_000;

    static final long KILL_GRACE_MILLIS = 3_000;

    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final Process process;
    private final Path directory;
    private final DataOutputStream toChild;
    private final ReentrantLock toChildLock = new ReentrantLock();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>(64);
    private final TailBuffer errors = new TailBuffer();

    /// A frame, or null for the end of the stream.
    private record Received(@Nullable Frame frame, String reason) {}

    private ChildProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
        this.toChild = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    }

    /// Starts a process and waits until it is ready.
    ///
    /// @param number distinguishes working directories and threads
    /// @throws IOException no process could be started
    /// @throws ChildLost it ended, or was not ready in time (and was killed)
    static ChildProcess start(ChildSettings settings, int number) throws IOException, ChildLost {
        Path directory = settings.workDirectory().resolve("child-" + number);
        Path temp = Files.createDirectories(directory.resolve("tmp"));
        ProcessBuilder builder = new ProcessBuilder(command(settings, temp));
        builder.environment().clear();
        builder.directory(directory.toFile());
        ChildProcess child = new ChildProcess(builder.start(), directory);
        child.startThreads(number);
        ObjectNode open = JSON.createObjectNode()
                .put("memoryBytes", settings.memoryBytes())
                .put("threads", settings.threads())
                .put("tempDirectory", directory.resolve("spill").toString())
                .put("tempBytes", settings.tempBytes());
        try {
            child.send(FrameType.OPEN, open.toString());
            child.expect(FrameType.READY, settings.startDeadline().toMillis());
            return child;
        } catch (ChildLost e) {
            child.kill();
            throw e;
        }
    }

    private static List<String> command(ChildSettings settings, Path temp) {
        return List.of(
                settings.java().toString(),
                "-Xmx" + (settings.heapBytes() >> 20) + "m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temp,
                "-Duser.timezone=UTC",
                "-Duser.home=" + temp,
                "-Dfile.encoding=UTF-8",
                "-cp",
                settings.childDirectory().resolve("*").toString(),
                "io.weir.tiered.query.child.ChildMain");
    }

    private void startThreads(int number) {
        Thread frames = new Thread(this::readFrames, "sql-child-" + number);
        frames.setDaemon(true);
        frames.start();
        Thread text = new Thread(() -> errors.drain(process.getErrorStream()), "sql-child-" + number + "-stderr");
        text.setDaemon(true);
        text.start();
    }

    private void readFrames() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
            Frame frame = Frame.readFrom(in);
            while (frame != null) {
                received.put(new Received(frame, ""));
                frame = Frame.readFrom(in);
            }
            received.put(new Received(null, "it ended"));
        } catch (IOException e) {
            leaveWord("its stream broke: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void leaveWord(String reason) {
        try {
            received.put(new Received(null, reason));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /// Runs the action once the process has ended, on an unspecified thread.
    void onExit(Runnable action) {
        CompletableFuture<Void> ignored = process.onExit().thenRun(action);
    }

    /// @throws ChildLost no answer within the time, or the process is gone
    ParseAnswer parse(String sql, long timeLimitMillis) throws ChildLost {
        send(FrameType.PARSE, JSON.createObjectNode().put("sql", sql).toString());
        Frame answer = next(timeLimitMillis);
        return switch (answer.type()) {
            case TREE -> new ParseAnswer.Tree(answer.text());
            case REFUSED -> {
                JsonNode refusal = json(answer);
                JsonNode position = refusal.path("position");
                yield new ParseAnswer.Refused(
                        refusal.path("kind").asText().equals("syntax"),
                        refusal.path("message").asText(),
                        position.isMissingNode() ? OptionalLong.empty() : OptionalLong.of(position.asLong()));
            }
            default -> throw lost("it answered PARSE with " + answer.type());
        };
    }

    /// Runs a statement to its end. Three layers end it: DuckDB at the limit, CANCEL one second later, a kill after
    /// two more.
    ///
    /// @param sink called by this thread
    /// @throws ChildLost the process is gone or had to be killed
    /// @throws IOException from the sink; the statement was cancelled
    Outcome execute(ChildStatement statement, RowSink sink, Deadline deadline) throws ChildLost, IOException {
        send(FrameType.EXECUTE, executeBody(statement, Math.max(1, deadline.remainingMillis())));
        boolean cancelSent = false;
        while (true) {
            long untilMillis = deadline.remainingMillis() + (cancelSent ? KILL_GRACE_MILLIS : CANCEL_GRACE_MILLIS);
            Frame frame = poll(untilMillis);
            if (frame == null) {
                if (cancelSent) {
                    kill();
                    return new Outcome.TimedOut();
                }
                cancel();
                cancelSent = true;
                continue;
            }
            switch (frame.type()) {
                case COLUMNS -> sink.columns(columns(frame));
                case PAGE -> {
                    sink.page(frame.body());
                    send(FrameType.CREDIT, "{\"pages\":1}");
                }
                case DONE -> {
                    JsonNode done = json(frame);
                    return new Outcome.Done(
                            done.path("rows").asLong(), done.path("truncated").asBoolean());
                }
                case FAILED -> {
                    JsonNode failure = json(frame);
                    String kind = failure.path("kind").asText();
                    return deadline.isOver() || kind.equals("time")
                            ? new Outcome.TimedOut()
                            : new Outcome.Failed(kind, failure.path("message").asText());
                }
                case CANCELLED -> {
                    return deadline.isOver() ? new Outcome.TimedOut() : new Outcome.Cancelled();
                }
                default -> throw lost("it answered EXECUTE with " + frame.type());
            }
        }
    }

    /// Asks the child to end its statement; does nothing when there is none.
    void cancel() {
        try {
            send(FrameType.CANCEL, "{}");
        } catch (ChildLost e) {
            kill();
        }
    }

    /// Ends the process for good and removes its working directory once it is gone.
    void kill() {
        process.destroyForcibly();
        CompletableFuture<Void> ignored = process.onExit().thenRun(() -> Directories.delete(directory));
    }

    /// Waits for the end after `kill`.
    void awaitExit() throws InterruptedException {
        process.waitFor(5, TimeUnit.SECONDS);
        Directories.delete(directory);
    }

    private static String executeBody(ChildStatement statement, long timeLimitMillis) {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode relations = body.putArray("relations");
        for (ChildStatement.Relation relation : statement.relations()) {
            ObjectNode described = relations.addObject().put("name", relation.name());
            ArrayNode columns = described.putArray("columns");
            for (ChildStatement.Column column : relation.columns()) {
                columns.addObject().put("name", column.name()).put("expression", column.expression());
            }
            ArrayNode fileColumns = described.putArray("fileColumns");
            for (ChildStatement.FileColumn column : relation.fileColumns()) {
                fileColumns
                        .addObject()
                        .put("id", column.fieldId())
                        .put("name", column.name())
                        .put("type", column.type());
            }
            ArrayNode parts = described.putArray("parts");
            for (ChildStatement.Part part : relation.parts()) {
                ObjectNode files = parts.addObject();
                part.filter().ifPresent(filter -> files.put("filter", filter));
                ArrayNode paths = files.putArray("files");
                part.files().forEach(paths::add);
            }
        }
        return body.put("sql", statement.sql())
                .put("explain", statement.explain())
                .put("format", statement.format() == ChildStatement.Format.CSV ? "csv" : "json")
                .put("maxRows", statement.maxRows())
                .put("maxBytes", statement.maxBytes())
                .put("timeLimitMillis", timeLimitMillis)
                .toString();
    }

    private List<RowSink.ResultColumn> columns(Frame frame) throws ChildLost {
        List<RowSink.ResultColumn> columns = new ArrayList<>();
        for (JsonNode column : json(frame).path("columns")) {
            columns.add(new RowSink.ResultColumn(
                    column.path("name").asText(), column.path("type").asText()));
        }
        return columns;
    }

    private JsonNode json(Frame frame) throws ChildLost {
        try {
            return JSON.readTree(frame.body());
        } catch (IOException e) {
            throw lost("its " + frame.type() + " is no JSON");
        }
    }

    private void expect(FrameType type, long timeLimitMillis) throws ChildLost {
        Frame frame = next(timeLimitMillis);
        if (frame.type() != type) {
            throw lost("it sent " + frame.type() + " where " + type + " was due");
        }
    }

    private Frame next(long timeLimitMillis) throws ChildLost {
        Frame frame = poll(timeLimitMillis);
        if (frame == null) {
            kill();
            throw lost("it did not answer within " + timeLimitMillis + " ms");
        }
        return frame;
    }

    private @Nullable Frame poll(long timeLimitMillis) throws ChildLost {
        Received next;
        try {
            next = received.poll(timeLimitMillis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            kill();
            throw lost("the waiting thread was interrupted");
        }
        if (next == null) {
            return null;
        }
        if (next.frame() == null) {
            throw lost(next.reason());
        }
        return next.frame();
    }

    private void send(FrameType type, String body) throws ChildLost {
        toChildLock.lock();
        try {
            Frame.of(type, body).writeTo(toChild);
        } catch (IOException e) {
            throw lost("it takes no more frames");
        } finally {
            toChildLock.unlock();
        }
    }

    private ChildLost lost(String reason) {
        String exit = "still running";
        try {
            if (process.waitFor(200, TimeUnit.MILLISECONDS)) {
                exit = "exit code " + process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String said = errors.lastLines();
        return new ChildLost("SQL child " + process.pid() + ": " + reason + " (" + exit + ")"
                + (said.isEmpty() ? "." : "; it said: " + said));
    }
}
