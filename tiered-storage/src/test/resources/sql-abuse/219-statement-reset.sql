-- expect: sql-not-one-select
RESET memory_limit
