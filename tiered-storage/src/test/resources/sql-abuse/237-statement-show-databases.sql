-- expect: sql-refused
SHOW DATABASES
