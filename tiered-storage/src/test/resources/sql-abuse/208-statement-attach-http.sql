-- expect: sql-not-one-select
ATTACH 'http://127.0.0.1:1/x.db' AS x
