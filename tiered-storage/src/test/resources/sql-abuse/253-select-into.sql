-- expect: sql-syntax
SELECT 1 INTO x
