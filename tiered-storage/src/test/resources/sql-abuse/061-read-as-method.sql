-- expect: sql-function-refused
SELECT * FROM flights WHERE '${canary}'.read_text() IS NOT NULL
