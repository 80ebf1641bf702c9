-- expect: sql-function-refused
SELECT shell('id')
