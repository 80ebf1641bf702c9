-- expect: sql-syntax
SELECT 1 /* abc
