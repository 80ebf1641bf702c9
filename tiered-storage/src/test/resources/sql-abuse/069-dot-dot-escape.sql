-- expect: sql-function-refused
SELECT * FROM read_text('../../../../../../etc/passwd')
