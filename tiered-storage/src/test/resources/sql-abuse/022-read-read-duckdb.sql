-- expect: sql-function-refused
SELECT * FROM read_duckdb('${canary}')
