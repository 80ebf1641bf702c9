-- expect: sql-function-refused
SELECT (SELECT content FROM read_text('${canary}'))
