-- expect: topic-unknown
SELECT * FROM flights, '${canary}'
