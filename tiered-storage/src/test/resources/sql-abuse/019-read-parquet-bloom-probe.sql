-- expect: sql-function-refused
SELECT * FROM parquet_bloom_probe('${canary}', 'a', 1)
