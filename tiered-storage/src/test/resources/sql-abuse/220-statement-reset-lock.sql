-- expect: sql-not-one-select
RESET lock_configuration
