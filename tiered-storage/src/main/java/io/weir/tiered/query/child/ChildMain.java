package io.weir.tiered.query.child;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Entry point of the SQL child. The main thread reads frames, one worker thread does what takes long. The end of
/// standard input means that the parent is gone: the process halts at once, whatever DuckDB is doing.
///
/// Exit codes: 0 CLOSE, 3 parent gone, 4 broken stream or DuckDB failed to start.
public final class ChildMain {
    private final DataInputStream in;
    private final DataOutputStream out;
    private final ReentrantLock outLock = new ReentrantLock();
    private final BlockingQueue<Runnable> work = new ArrayBlockingQueue<>(4);

    /// The statement under way; written and read by the main thread only.
    private @Nullable Execution execution;

    /// Made by the worker thread at OPEN, before any other frame is answered.
    private @Nullable Parser parser;

    private @Nullable Limits limits;

    private ChildMain(DataInputStream in, DataOutputStream out) {
        this.in = in;
        this.out = out;
    }

    public static void main(String[] arguments) {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        // Whatever a library prints must not get between the frames.
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        new ChildMain(in, out).serve();
    }

    private void serve() {
        Thread worker = new Thread(this::work, "sql-worker");
        worker.setDaemon(true);
        worker.start();
        try {
            Frame frame = Frame.readFrom(in);
            while (frame != null) {
                accept(frame);
                frame = Frame.readFrom(in);
            }
        } catch (IOException | RuntimeException e) {
            halt(4, "Broken stream from the parent: " + e);
        }
        Runtime.getRuntime().halt(3);
    }

    private void accept(Frame frame) throws IOException {
        switch (frame.type()) {
            case OPEN -> {
                Limits opened = Limits.from(JsonText.object(frame.body()));
                limits = opened;
                submit(() -> open(opened));
            }
            case PARSE -> {
                String sql = String.valueOf(JsonText.object(frame.body()).get("sql"));
                submit(() -> send(opened(parser).parse(sql)));
            }
            case EXECUTE -> {
                Execution started = new Execution(opened(limits), this::send);
                execution = started;
                submit(() -> started.run(JsonText.object(frame.body())));
            }
            case CREDIT -> {
                Execution running = execution;
                if (running != null) {
                    running.credit(Math.toIntExact(JsonText.number(JsonText.object(frame.body()), "pages", 1)));
                }
            }
            case CANCEL -> {
                Execution running = execution;
                if (running != null) {
                    running.cancel();
                }
            }
            case CLOSE -> Runtime.getRuntime().halt(0);
            case READY, TREE, REFUSED, COLUMNS, PAGE, DONE, FAILED, CANCELLED ->
                throw new IOException("Frame " + frame.type() + " goes to the parent, not to the child.");
        }
    }

    private void open(Limits opened) throws IOException, SQLException {
        Parser started = Parser.open(opened);
        parser = started;
        List<String> extensions = new ArrayList<>();
        String version;
        try (Database database = Database.open(opened, 0);
                Statement statement = database.connection().createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT version()")) {
                rows.next();
                version = String.valueOf(rows.getString(1));
            }
            try (ResultSet rows =
                    statement.executeQuery("SELECT extension_name FROM duckdb_extensions() WHERE loaded ORDER BY 1")) {
                while (rows.next()) {
                    extensions.add(rows.getString(1));
                }
            }
        }
        Map<String, Object> ready = new LinkedHashMap<>();
        ready.put("duckdb", version);
        ready.put("extensions", extensions);
        ready.put("pid", ProcessHandle.current().pid());
        send(Frame.of(FrameType.READY, JsonText.write(ready)));
    }

    private interface Step {
        void run() throws IOException, SQLException;
    }

    private void submit(Step step) throws IOException {
        boolean accepted = work.offer(() -> {
            try {
                step.run();
            } catch (IOException | SQLException | RuntimeException e) {
                halt(4, "The SQL child cannot go on: " + e);
            }
        });
        if (!accepted) {
            throw new IOException("The parent sent statements faster than they are answered.");
        }
    }

    private void work() {
        try {
            while (true) {
                work.take().run();
            }
        } catch (InterruptedException e) {
            halt(4, "The worker was interrupted.");
        } catch (Throwable e) {
            halt(4, "The worker ended: " + e);
        }
    }

    private void send(Frame frame) throws IOException {
        outLock.lock();
        try {
            frame.writeTo(out);
        } finally {
            outLock.unlock();
        }
    }

    private static <T> T opened(@Nullable T part) throws IOException {
        if (part == null) {
            throw new IOException("OPEN must come first.");
        }
        return part;
    }

    private static void halt(int code, String reason) {
        System.err.println(reason);
        System.err.flush();
        Runtime.getRuntime().halt(code);
    }
}
