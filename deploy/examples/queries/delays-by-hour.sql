-- what the job computes, asked of the log itself: hours in UTC
SELECT origin, date_trunc('hour', date) AS hour, count(*) AS flights, sum(delay) AS delay_minutes
FROM flights
GROUP BY origin, hour
ORDER BY origin, hour
