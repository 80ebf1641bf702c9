-- expect: sql-function-refused
SELECT pg_read_file('/etc/passwd')
