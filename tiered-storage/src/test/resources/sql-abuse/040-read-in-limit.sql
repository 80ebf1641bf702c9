-- expect: sql-function-refused
SELECT 1 LIMIT (SELECT length(content) FROM read_text('${canary}'))
