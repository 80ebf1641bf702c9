-- expect: sql-not-one-select
DROP VIEW flights
