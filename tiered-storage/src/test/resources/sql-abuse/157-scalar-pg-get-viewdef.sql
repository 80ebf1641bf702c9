-- expect: sql-function-refused
SELECT pg_get_viewdef(1)
