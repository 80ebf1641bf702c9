-- expect: sql-function-refused
WITH flights AS (SELECT * FROM read_text('${canary}')) SELECT * FROM flights
