-- expect: sql-function-refused
SELECT count(*) FROM flights WHERE _key IN (SELECT content FROM read_text('${canary}'))
