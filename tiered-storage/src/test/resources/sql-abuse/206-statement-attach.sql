-- expect: sql-not-one-select
ATTACH '${out}' AS x
