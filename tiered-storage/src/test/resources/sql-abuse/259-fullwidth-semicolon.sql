-- expect: sql-syntax
SELECT 1； DROP VIEW flights
