-- expect: sql-function-refused
SELECT * FROM query('SELECT content FROM read_text(''${canary}'')')
