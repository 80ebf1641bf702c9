-- expect: sql-not-one-select
BEGIN
