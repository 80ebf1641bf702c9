-- expect: sql-syntax
SELECT * FROM flights FOR UPDATE
