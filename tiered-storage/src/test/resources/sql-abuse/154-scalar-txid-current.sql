-- expect: sql-function-refused
SELECT txid_current()
