-- expect: sql-not-one-select
EXPORT DATABASE '${out}'
