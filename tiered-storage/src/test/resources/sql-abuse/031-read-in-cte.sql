-- expect: sql-function-refused
WITH x AS (SELECT * FROM read_text('${canary}')) SELECT * FROM x
