-- expect: sql-function-refused
SELECT CAST(current_setting('threads') AS INT)
