-- expect: sql-function-refused
SELECT * FROM disable_logging()
