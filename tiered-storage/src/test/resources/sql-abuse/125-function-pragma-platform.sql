-- expect: sql-function-refused
SELECT * FROM pragma_platform()
