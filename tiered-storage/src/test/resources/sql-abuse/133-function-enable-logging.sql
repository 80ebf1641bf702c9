-- expect: sql-function-refused
SELECT * FROM enable_logging()
