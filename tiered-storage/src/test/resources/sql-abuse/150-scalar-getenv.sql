-- expect: sql-function-refused
SELECT getenv('HOME')
