-- expect: sql-not-one-select
COPY (SELECT 1) TO '${archive}' (FORMAT parquet)
