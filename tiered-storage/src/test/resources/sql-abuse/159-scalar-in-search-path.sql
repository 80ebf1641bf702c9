-- expect: sql-function-refused
SELECT in_search_path('a','b')
