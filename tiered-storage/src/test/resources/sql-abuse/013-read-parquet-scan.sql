-- expect: sql-function-refused
SELECT * FROM parquet_scan('${canary}')
