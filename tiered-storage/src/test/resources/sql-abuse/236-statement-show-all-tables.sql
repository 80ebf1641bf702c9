-- expect: sql-refused
SHOW ALL TABLES
