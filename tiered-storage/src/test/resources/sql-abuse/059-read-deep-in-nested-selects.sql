-- expect: sql-function-refused
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT * FROM read_text('${canary}')) a) b) c
