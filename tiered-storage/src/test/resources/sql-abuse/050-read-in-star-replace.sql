-- expect: sql-function-refused
SELECT * REPLACE ((SELECT content FROM read_text('${canary}')) AS _key) FROM flights
