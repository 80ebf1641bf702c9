-- expect: sql-not-one-select
PIVOT flights ON _key USING count(*)
