-- expect: sql-function-refused
SELECT sum(1) OVER (PARTITION BY (SELECT content FROM read_text('${canary}'))) FROM flights
