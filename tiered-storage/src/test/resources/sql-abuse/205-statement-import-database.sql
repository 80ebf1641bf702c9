-- expect: sql-not-one-select
IMPORT DATABASE '${out}'
