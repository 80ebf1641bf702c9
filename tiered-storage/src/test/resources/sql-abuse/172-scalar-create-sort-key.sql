-- expect: sql-function-refused
SELECT create_sort_key(1, 'ASC')
