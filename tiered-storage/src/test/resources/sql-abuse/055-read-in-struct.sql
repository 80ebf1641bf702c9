-- expect: sql-function-refused
SELECT {'a': (SELECT content FROM read_text('${canary}'))}
