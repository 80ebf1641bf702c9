-- expect: sql-function-refused
SELECT count(*) FILTER (WHERE current_setting('threads') = '1')
