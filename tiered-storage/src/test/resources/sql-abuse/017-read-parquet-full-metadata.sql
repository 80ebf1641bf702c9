-- expect: sql-function-refused
SELECT * FROM parquet_full_metadata('${canary}')
