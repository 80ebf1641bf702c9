-- expect: sql-function-refused
SELECT system('id')
