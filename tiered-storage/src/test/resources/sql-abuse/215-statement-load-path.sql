-- expect: sql-not-one-select
LOAD '${canary}'
