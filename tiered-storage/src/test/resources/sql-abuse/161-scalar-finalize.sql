-- expect: sql-function-refused
SELECT finalize('\x00'::BLOB)
