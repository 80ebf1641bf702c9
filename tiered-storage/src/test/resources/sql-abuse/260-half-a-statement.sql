-- expect: sql-syntax
SELECT * FROM
