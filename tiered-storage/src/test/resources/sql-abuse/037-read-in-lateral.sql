-- expect: sql-function-refused
SELECT * FROM flights, LATERAL (SELECT * FROM read_text('${canary}')) l
