-- expect: sql-function-refused
SELECT * FROM read_text('/proc/self/environ')
