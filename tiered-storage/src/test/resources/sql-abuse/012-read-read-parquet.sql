-- expect: sql-function-refused
SELECT * FROM read_parquet('${canary}')
