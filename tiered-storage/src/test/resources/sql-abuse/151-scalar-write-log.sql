-- expect: sql-function-refused
SELECT write_log('x')
