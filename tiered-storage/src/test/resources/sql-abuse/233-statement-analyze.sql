-- expect: sql-not-one-select
ANALYZE
