-- expect: sql-function-refused
SELECT lo_import('/etc/passwd')
