-- expect: sql-function-refused
SELECT * FROM read_single_parquet_file('${canary}')
