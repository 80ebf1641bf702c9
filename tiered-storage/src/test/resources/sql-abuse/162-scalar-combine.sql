-- expect: sql-function-refused
SELECT combine(1, 2)
