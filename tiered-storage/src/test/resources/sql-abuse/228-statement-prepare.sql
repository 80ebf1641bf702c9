-- expect: sql-not-one-select
PREPARE p AS SELECT 1
