-- expect: sql-not-one-select
EXPLAIN ANALYZE SELECT 1
