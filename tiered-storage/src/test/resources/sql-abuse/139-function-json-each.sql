-- expect: sql-function-refused
SELECT * FROM json_each('[1]')
