-- expect: sql-function-refused
SELECT * FROM parquet_schema('${canary}')
