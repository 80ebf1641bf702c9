-- expect: sql-not-one-select
-- hole
COPY (SELECT 1 AS a) TO '${archive}' (FORMAT parquet, USE_TMP_FILE false)
