-- expect: sql-function-refused
SELECT row_number() OVER (ORDER BY current_setting('threads'))
