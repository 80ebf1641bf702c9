-- expect: sql-not-one-select
PRAGMA database_list
