-- expect: sql-not-one-select
CREATE SCHEMA s
