-- expect: sql-not-one-select
CREATE SEQUENCE s
