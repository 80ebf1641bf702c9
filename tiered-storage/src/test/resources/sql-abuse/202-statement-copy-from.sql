-- expect: sql-not-one-select
COPY flights FROM '${canary}'
