-- expect: sql-function-refused
SELECT currval('s')
