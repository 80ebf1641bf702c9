package io.weir.tiered.query.child;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// One running statement. `run` is called once, by the child's worker thread; `credit` and `cancel` by its reader.
final class Execution {
    /// Pages that may be under way before the parent has to send CREDIT.
    private static final int FIRST_CREDIT_PAGES = 4;

    /// Sends one frame to the parent.
    interface Sender {
        void send(Frame frame) throws IOException;
    }

    private final Semaphore credit = new Semaphore(FIRST_CREDIT_PAGES);
    private final Limits limits;
    private final Sender sender;

    /// Set once by the reader thread.
    private volatile boolean cancelled;

    /// The statement to interrupt, while there is one.
    private volatile @Nullable Statement running;

    Execution(Limits limits, Sender sender) {
        this.limits = limits;
        this.sender = sender;
    }

    void credit(int pages) {
        credit.release(pages);
    }

    void cancel() {
        cancelled = true;
        credit.release(1 << 20);
        Statement statement = running;
        if (statement != null) {
            try {
                statement.cancel();
            } catch (SQLException e) {
                System.err.println("cancel: " + e.getMessage());
            }
        }
    }

    void run(Map<String, @Nullable Object> body) throws IOException {
        try {
            Map<String, Object> done = execute(body);
            sender.send(
                    cancelled ? Frame.of(FrameType.CANCELLED, "{}") : Frame.of(FrameType.DONE, JsonText.write(done)));
        } catch (SQLException e) {
            System.err.println(e);
            sender.send(
                    cancelled
                            ? Frame.of(FrameType.CANCELLED, "{}")
                            : Frame.of(FrameType.FAILED, Failure.of(e).toJson()));
        } catch (OutOfMemoryError e) {
            String message = "a row of the result does not fit into the child's heap";
            sender.send(Frame.of(FrameType.FAILED, new Failure("memory", message).toJson()));
        } catch (PageWriter.RowTooLong e) {
            sender.send(Frame.of(FrameType.FAILED, new Failure("invalid", String.valueOf(e.getMessage())).toJson()));
        }
    }

    private Map<String, Object> execute(Map<String, @Nullable Object> body) throws SQLException, IOException {
        List<Relation> relations = Relation.listFrom(body.get("relations"));
        long timeLimitMillis = JsonText.number(body, "timeLimitMillis", 0);
        try (Database database = Database.open(limits, timeLimitMillis)) {
            List<String> files = new ArrayList<>();
            for (Relation relation : relations) {
                database.run(relation.viewStatement());
                files.addAll(relation.files());
            }
            database.lock(files);
            try (Statement statement = database.connection().createStatement()) {
                running = statement;
                if (cancelled) {
                    throw new SQLException("INTERRUPT Error: cancelled before the start");
                }
                String prefix = Boolean.TRUE.equals(body.get("explain")) ? "EXPLAIN " : "";
                try (ResultSet result = statement.executeQuery(prefix + body.get("sql"))) {
                    return sendRows(result, body);
                }
            } finally {
                running = null;
            }
        }
    }

    private Map<String, Object> sendRows(ResultSet result, Map<String, @Nullable Object> body)
            throws SQLException, IOException {
        long maxRows = JsonText.number(body, "maxRows", Long.MAX_VALUE);
        long maxBytes = JsonText.number(body, "maxBytes", Long.MAX_VALUE);
        ResultSetMetaData shape = result.getMetaData();
        sender.send(Frame.of(FrameType.COLUMNS, JsonText.write(Map.of("columns", columns(shape)))));
        PageWriter page = PageWriter.of(String.valueOf(body.getOrDefault("format", "json")), shape.getColumnCount());
        long rows = 0;
        long bytes = 0;
        boolean truncated = false;
        while (!cancelled && result.next()) {
            if (rows == maxRows || bytes > maxBytes) {
                truncated = true;
                break;
            }
            page.append(result);
            rows++;
            if (page.isFull()) {
                bytes += sendPage(page);
            }
        }
        if (!page.isEmpty()) {
            sendPage(page);
        }
        Map<String, Object> done = new LinkedHashMap<>();
        done.put("rows", rows);
        done.put("truncated", truncated);
        return done;
    }

    private long sendPage(PageWriter page) throws IOException {
        byte[] lines = page.take();
        credit.acquireUninterruptibly();
        if (!cancelled) {
            sender.send(new Frame(FrameType.PAGE, lines));
        }
        return lines.length;
    }

    private static List<Map<String, String>> columns(ResultSetMetaData shape) throws SQLException {
        List<Map<String, String>> columns = new ArrayList<>();
        for (int column = 1; column <= shape.getColumnCount(); column++) {
            Map<String, String> members = new LinkedHashMap<>();
            members.put("name", shape.getColumnLabel(column));
            members.put("type", shape.getColumnTypeName(column));
            columns.add(members);
        }
        return columns;
    }
}
