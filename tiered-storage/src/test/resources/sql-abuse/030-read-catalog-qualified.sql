-- expect: sql-function-refused
SELECT * FROM system.main.read_text('${canary}')
