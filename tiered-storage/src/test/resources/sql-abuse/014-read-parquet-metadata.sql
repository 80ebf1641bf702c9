-- expect: sql-function-refused
SELECT * FROM parquet_metadata('${canary}')
