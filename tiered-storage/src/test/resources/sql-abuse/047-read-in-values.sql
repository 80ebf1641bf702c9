-- expect: sql-function-refused
VALUES ((SELECT content FROM read_text('${canary}')))
