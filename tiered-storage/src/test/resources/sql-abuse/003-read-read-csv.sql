-- expect: sql-function-refused
SELECT * FROM read_csv('${canary}')
