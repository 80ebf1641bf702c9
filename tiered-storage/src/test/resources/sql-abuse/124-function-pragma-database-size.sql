-- expect: sql-function-refused
SELECT * FROM pragma_database_size()
