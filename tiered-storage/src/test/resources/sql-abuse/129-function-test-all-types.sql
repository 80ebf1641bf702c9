-- expect: sql-function-refused
SELECT * FROM test_all_types()
