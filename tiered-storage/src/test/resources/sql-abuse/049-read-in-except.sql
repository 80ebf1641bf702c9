-- expect: sql-function-refused
SELECT 'a' EXCEPT SELECT content FROM read_text('${canary}')
