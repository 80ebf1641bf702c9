-- expect: sql-function-refused
SELECT * FROM glob('${canary}')
