-- expect: sql-not-one-select
INSTALL httpfs
