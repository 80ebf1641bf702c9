-- expect: sql-not-one-select
CREATE OR REPLACE VIEW flights AS SELECT 1
