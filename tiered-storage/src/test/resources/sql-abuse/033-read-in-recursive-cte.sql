-- expect: sql-function-refused
WITH RECURSIVE x AS (SELECT content FROM read_text('${canary}') UNION ALL SELECT content FROM x WHERE false) SELECT * FROM x
