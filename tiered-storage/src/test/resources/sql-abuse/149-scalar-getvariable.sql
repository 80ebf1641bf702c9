-- expect: sql-function-refused
SELECT getvariable('x')
