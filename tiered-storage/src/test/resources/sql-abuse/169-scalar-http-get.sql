-- expect: sql-function-refused
SELECT http_get('http://127.0.0.1')
