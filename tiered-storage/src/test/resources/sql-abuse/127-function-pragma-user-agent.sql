-- expect: sql-function-refused
SELECT * FROM pragma_user_agent()
