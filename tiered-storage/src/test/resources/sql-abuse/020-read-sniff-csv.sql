-- expect: sql-function-refused
SELECT * FROM sniff_csv('${canary}')
