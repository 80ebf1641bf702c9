-- expect: sql-refused
SELECT $1
