-- expect: sql-not-one-select
SELECT 1; SET threads=1
