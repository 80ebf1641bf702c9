-- expect: sql-refused
SELECT * FROM flights AT (VERSION => 1)
