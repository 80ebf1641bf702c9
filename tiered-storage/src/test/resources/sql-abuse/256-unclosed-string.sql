-- expect: sql-syntax
SELECT 'abc
