-- expect: sql-not-one-select
CREATE MACRO f(a) AS a
