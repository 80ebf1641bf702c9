-- expect: sql-function-refused
SELECT * FROM read_csv_auto('${canary}')
