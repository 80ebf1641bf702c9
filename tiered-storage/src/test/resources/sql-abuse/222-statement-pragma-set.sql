-- expect: sql-not-one-select
PRAGMA threads=64
