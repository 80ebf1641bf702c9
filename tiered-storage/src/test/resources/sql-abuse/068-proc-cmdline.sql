-- expect: sql-function-refused
SELECT * FROM read_blob('/proc/self/cmdline')
