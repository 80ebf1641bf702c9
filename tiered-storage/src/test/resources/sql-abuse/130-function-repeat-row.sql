-- expect: sql-function-refused
SELECT * FROM repeat_row(1, num_rows=10)
