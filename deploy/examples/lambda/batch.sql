-- the batch layer: everything before the cut, anew with every run
SELECT origin, count(*) AS flights, sum(delay) AS delay_minutes
FROM flights
WHERE date < TIMESTAMPTZ '2001-01-01 12:00:00+00'
GROUP BY origin
