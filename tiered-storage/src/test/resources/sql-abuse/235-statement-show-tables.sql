-- expect: sql-refused
SHOW TABLES
