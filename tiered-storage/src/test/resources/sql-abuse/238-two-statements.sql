-- expect: sql-not-one-select
SELECT 1; SELECT 2
