-- expect: sql-function-refused
SELECT 1 -- x
UNION ALL SELECT length(content) FROM read_text('${canary}')
