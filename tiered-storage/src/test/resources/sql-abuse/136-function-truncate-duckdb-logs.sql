-- expect: sql-function-refused
SELECT * FROM truncate_duckdb_logs()
