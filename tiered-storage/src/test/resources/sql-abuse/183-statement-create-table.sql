-- expect: sql-not-one-select
CREATE TABLE x AS SELECT 1
