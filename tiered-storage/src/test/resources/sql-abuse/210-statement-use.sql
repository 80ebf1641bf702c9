-- expect: sql-not-one-select
USE temp
