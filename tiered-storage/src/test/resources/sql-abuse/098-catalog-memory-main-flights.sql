-- expect: topic-unknown
SELECT * FROM memory.main.flights
