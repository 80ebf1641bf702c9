-- expect: sql-not-one-select
LOAD httpfs
