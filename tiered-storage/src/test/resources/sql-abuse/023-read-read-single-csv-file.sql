-- expect: sql-function-refused
SELECT * FROM read_single_csv_file('${canary}')
