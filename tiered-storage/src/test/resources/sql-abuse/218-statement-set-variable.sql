-- expect: sql-not-one-select
SET VARIABLE x = 1
