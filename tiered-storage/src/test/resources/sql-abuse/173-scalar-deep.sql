-- expect: sql-function-refused
SELECT upper(lower(concat('a', current_setting('threads'))))
