-- expect: sql-function-refused
SELECT * FROM parquet_kv_metadata('${canary}')
