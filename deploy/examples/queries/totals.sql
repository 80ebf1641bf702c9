-- the known answers: 1,000,000 flights, 7,638,823 minutes, 728,303,008 miles
SELECT count(*) AS flights, sum(delay) AS delay_minutes, sum(distance) AS miles
FROM flights
