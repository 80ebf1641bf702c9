-- expect: sql-function-refused
SELECT * FROM parquet_file_metadata('${canary}')
