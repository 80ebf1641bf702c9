-- expect: sql-function-refused
SUMMARIZE FROM read_text('${canary}')
