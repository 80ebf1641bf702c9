-- expect: sql-not-one-select
COPY (SELECT 1) TO '${out}'
