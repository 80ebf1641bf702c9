-- expect: sql-function-refused
SELECT read_text('${canary}')
