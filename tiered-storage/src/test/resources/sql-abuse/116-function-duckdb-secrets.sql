-- expect: sql-function-refused
SELECT * FROM duckdb_secrets()
