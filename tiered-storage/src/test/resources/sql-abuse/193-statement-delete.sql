-- expect: sql-not-one-select
DELETE FROM flights
