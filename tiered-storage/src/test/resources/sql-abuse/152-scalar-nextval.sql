-- expect: sql-function-refused
SELECT nextval('s')
