-- expect: sql-function-refused
SELECT pg_sleep(10)
