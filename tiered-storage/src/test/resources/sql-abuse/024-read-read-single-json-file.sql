-- expect: sql-function-refused
SELECT * FROM read_single_json_file('${canary}')
