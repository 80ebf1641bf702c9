-- expect: sql-not-one-select
DETACH memory
