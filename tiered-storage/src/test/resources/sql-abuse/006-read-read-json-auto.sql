-- expect: sql-function-refused
SELECT * FROM read_json_auto('${canary}')
