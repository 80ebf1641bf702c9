-- expect: sql-function-refused
SELECT current_query()
