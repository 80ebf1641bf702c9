-- expect: sql-function-refused
SELECT * FROM force_checkpoint()
