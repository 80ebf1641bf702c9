-- expect: sql-not-one-select
SELECT 1; COPY (SELECT 1) TO '${out}'
