-- expect: sql-function-refused
SELECT * FROM read_json_objects('${canary}')
