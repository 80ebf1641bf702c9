-- expect: sql-refused
SELECT DEFAULT
