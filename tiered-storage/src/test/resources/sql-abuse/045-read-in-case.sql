-- expect: sql-function-refused
SELECT CASE WHEN true THEN (SELECT content FROM read_text('${canary}')) END
