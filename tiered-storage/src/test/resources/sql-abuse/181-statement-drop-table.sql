-- expect: sql-not-one-select
DROP TABLE flights
