package io.weir.tiered.query.child;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Turns a statement's text into DuckDB's own syntax tree, without running any of it: the text is a bound parameter
/// of `json_serialize_sql`.
final class Parser implements AutoCloseable {
    private final Database database;

    private Parser(Database database) {
        this.database = database;
    }

    /// A database of its own that can open nothing.
    static Parser open(Limits limits) throws SQLException {
        Database database = Database.open(limits, 10_000);
        database.lock(java.util.List.of());
        return new Parser(database);
    }

    Frame parse(String sql) throws IOException {
        try (PreparedStatement statement = database.connection().prepareStatement("SELECT json_serialize_sql(?)")) {
            statement.setString(1, sql);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return answer(String.valueOf(result.getString(1)));
            }
        } catch (SQLException e) {
            return Frame.of(FrameType.REFUSED, Failure.of(e).toJson());
        }
    }

    private static Frame answer(String tree) throws IOException {
        if (!tree.startsWith("{\"error\":true")) {
            return Frame.of(FrameType.TREE, tree);
        }
        Map<String, @Nullable Object> error = JsonText.object(tree.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Map<String, @Nullable Object> refusal = new LinkedHashMap<>();
        refusal.put("kind", "parser".equals(error.get("error_type")) ? "syntax" : "not-select");
        refusal.put("message", error.get("error_message"));
        refusal.put("position", error.get("position"));
        return Frame.of(FrameType.REFUSED, JsonText.write(refusal));
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
