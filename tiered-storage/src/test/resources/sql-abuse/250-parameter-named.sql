-- expect: sql-refused
SELECT $canary
