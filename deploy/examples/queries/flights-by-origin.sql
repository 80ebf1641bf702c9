-- the busiest airports: ORD 54,597 comes first
SELECT origin, count(*) AS flights, sum(delay) AS delay_minutes
FROM flights
GROUP BY origin
ORDER BY flights DESC, origin
LIMIT 5
