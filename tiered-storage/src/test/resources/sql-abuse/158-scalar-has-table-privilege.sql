-- expect: sql-function-refused
SELECT has_table_privilege('a','b')
