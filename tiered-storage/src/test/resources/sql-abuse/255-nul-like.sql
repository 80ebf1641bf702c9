-- expect: sql-syntax
SELECT \0
