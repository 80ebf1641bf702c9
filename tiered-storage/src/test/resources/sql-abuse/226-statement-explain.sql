-- expect: sql-not-one-select
EXPLAIN SELECT 1
