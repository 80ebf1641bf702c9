-- expect: sql-function-refused
SELECT * FROM flights JOIN read_text('${canary}') r ON true
