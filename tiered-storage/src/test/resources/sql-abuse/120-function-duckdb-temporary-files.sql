-- expect: sql-function-refused
SELECT * FROM duckdb_temporary_files()
