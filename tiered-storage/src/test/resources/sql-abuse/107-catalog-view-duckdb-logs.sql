-- expect: topic-unknown
SELECT * FROM duckdb_logs
