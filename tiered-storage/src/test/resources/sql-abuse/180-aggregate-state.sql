-- expect: sql-refused
SELECT sum(1) EXPORT_STATE
