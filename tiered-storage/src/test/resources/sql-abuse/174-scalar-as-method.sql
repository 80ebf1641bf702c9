-- expect: sql-function-refused
SELECT 'threads'.current_setting()
