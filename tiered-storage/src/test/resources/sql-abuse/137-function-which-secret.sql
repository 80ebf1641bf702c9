-- expect: sql-function-refused
SELECT * FROM which_secret('s3://x','s3')
