-- expect: sql-function-refused
SELECT 1 ORDER BY (SELECT content FROM read_text('${canary}'))
