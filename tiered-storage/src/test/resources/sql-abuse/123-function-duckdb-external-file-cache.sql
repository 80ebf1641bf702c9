-- expect: sql-function-refused
SELECT * FROM duckdb_external_file_cache()
