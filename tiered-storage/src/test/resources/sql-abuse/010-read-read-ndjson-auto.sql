-- expect: sql-function-refused
SELECT * FROM read_ndjson_auto('${canary}')
