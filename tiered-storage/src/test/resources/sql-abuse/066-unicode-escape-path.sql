-- expect: sql-function-refused
SELECT * FROM read_text(E'\x2Fetc\x2Fpasswd')
