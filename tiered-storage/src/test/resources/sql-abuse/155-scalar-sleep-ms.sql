-- expect: sql-function-refused
SELECT sleep_ms(1000)
