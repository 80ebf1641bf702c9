-- expect: sql-function-refused
SELECT * FROM pg_timezone_names()
