-- expect: sql-function-refused
SELECT * FROM read_json('${canary}')
