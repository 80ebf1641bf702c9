-- expect: sql-not-one-select
VACUUM
