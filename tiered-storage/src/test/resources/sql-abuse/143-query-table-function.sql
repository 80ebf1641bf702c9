-- expect: sql-function-refused
SELECT * FROM query_table('flights')
