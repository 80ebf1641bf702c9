-- expect: sql-function-refused
DESCRIBE SELECT * FROM read_text('${canary}')
