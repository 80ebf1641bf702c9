-- expect: sql-function-refused
SELECT * FROM json_tree('[1]')
