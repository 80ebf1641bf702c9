-- expect: sql-function-refused
SELECT count(*) FROM flights WHERE EXISTS (SELECT 1 FROM read_text('${canary}') WHERE content LIKE 'C%')
