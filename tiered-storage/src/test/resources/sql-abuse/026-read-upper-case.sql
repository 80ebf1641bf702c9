-- expect: sql-function-refused
SELECT * FROM READ_TEXT('${canary}')
