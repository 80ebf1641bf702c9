-- expect: sql-function-refused
SELECT current_setting('memory_limit')
