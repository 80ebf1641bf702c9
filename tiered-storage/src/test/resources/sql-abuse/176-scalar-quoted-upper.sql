-- expect: sql-function-refused
SELECT "CURRENT_SETTING"('threads')
