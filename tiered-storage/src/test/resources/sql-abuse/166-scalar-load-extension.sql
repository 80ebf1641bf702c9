-- expect: sql-function-refused
SELECT load_extension('x')
