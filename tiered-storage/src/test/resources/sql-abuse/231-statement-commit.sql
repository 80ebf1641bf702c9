-- expect: sql-not-one-select
COMMIT
