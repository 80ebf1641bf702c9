-- expect: sql-function-refused
SELECT main.current_setting('threads')
