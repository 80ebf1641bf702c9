-- expect: sql-function-refused
SELECT 1 GROUP BY 1 HAVING (SELECT count(*) FROM read_text('${canary}')) > 0
