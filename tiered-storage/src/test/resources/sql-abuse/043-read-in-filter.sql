-- expect: sql-function-refused
SELECT count(*) FILTER (WHERE (SELECT content FROM read_text('${canary}')) = 'x') FROM flights
