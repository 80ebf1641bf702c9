-- expect: sql-not-one-select
ATTACH ':memory:' AS x
