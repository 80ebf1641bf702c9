-- expect: sql-not-one-select
TRUNCATE flights
