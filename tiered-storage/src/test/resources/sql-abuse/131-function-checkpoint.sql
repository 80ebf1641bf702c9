-- expect: sql-function-refused
SELECT * FROM checkpoint()
