-- expect: sql-function-refused
SELECT * FROM summary((FROM flights))
