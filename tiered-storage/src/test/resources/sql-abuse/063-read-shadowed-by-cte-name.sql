-- expect: sql-function-refused
WITH read_text AS (SELECT 1) SELECT * FROM read_text('${canary}')
