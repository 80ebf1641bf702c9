-- expect: sql-function-refused
SELECT 1 AS a FROM flights QUALIFY (SELECT count(*) FROM read_text('${canary}')) > 0
