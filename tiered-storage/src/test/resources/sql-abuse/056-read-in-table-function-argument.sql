-- expect: sql-function-refused
SELECT * FROM unnest((SELECT [content] FROM read_text('${canary}')))
