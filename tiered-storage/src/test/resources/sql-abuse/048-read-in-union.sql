-- expect: sql-function-refused
SELECT 'a' UNION ALL SELECT content FROM read_text('${canary}')
