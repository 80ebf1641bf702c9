-- expect: sql-refused
SELECT ?
