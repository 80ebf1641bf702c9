-- expect: sql-not-one-select
SELECT 1; DROP VIEW flights
