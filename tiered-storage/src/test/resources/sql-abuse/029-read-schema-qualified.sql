-- expect: sql-function-refused
SELECT * FROM main.read_text('${canary}')
