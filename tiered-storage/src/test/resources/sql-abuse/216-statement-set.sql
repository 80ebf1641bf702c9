-- expect: sql-not-one-select
SET memory_limit='10GB'
