package io.weir.tiered.query.child;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/// A fresh in-memory database whose settings are set in the one order that holds: limits first, then the views by
/// the caller, then the planned files as the only files, then the lock.
final class Database implements AutoCloseable {
    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    /// @param timeLimitMillis DuckDB's own limit for each statement, 0 for none
    static Database open(Limits limits, long timeLimitMillis) throws SQLException {
        // Results are made whole before the first row is read: a streaming result of this driver hides why it failed.
        Database database = new Database(DriverManager.getConnection("jdbc:duckdb:"));
        try {
            database.set("autoinstall_known_extensions", "false");
            database.set("autoload_known_extensions", "false");
            database.set("allow_community_extensions", "false");
            database.set("TimeZone", "'UTC'");
            database.set("memory_limit", "'" + limits.memoryBytes() + "B'");
            database.set("threads", Integer.toString(limits.threads()));
            database.set(
                    "temp_directory", SqlText.literal(limits.tempDirectory().toString()));
            database.set("max_temp_directory_size", "'" + limits.tempBytes() + "B'");
            database.set("max_execution_time", Long.toString(timeLimitMillis));
            database.set("preserve_insertion_order", "false");
            database.set("parquet_metadata_cache", "true");
            return database;
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /// From here on only the given files can be opened and no setting can be changed.
    void lock(List<String> allowedFiles) throws SQLException {
        set("allowed_paths", SqlText.literals(allowedFiles));
        set("enable_external_access", "false");
        set("lock_configuration", "true");
    }

    Connection connection() {
        return connection;
    }

    void run(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void set(String name, String literal) throws SQLException {
        run("SET " + name + " = " + literal);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
