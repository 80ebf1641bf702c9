-- expect: sql-not-one-select
UPDATE flights SET _key = 1
