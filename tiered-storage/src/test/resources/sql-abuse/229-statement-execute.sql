-- expect: sql-not-one-select
EXECUTE p
