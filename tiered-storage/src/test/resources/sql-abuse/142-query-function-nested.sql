-- expect: sql-function-refused
SELECT * FROM query('SELECT * FROM query(''SELECT 42'')')
