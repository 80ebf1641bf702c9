-- expect: sql-function-refused
SELECT list_transform([1], lambda x: (SELECT content FROM read_text('${canary}')))
