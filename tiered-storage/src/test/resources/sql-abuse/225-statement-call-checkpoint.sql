-- expect: sql-not-one-select
CHECKPOINT
