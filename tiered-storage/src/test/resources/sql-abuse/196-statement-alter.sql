-- expect: sql-not-one-select
ALTER VIEW flights RENAME TO x
