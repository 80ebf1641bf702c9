-- expect: sql-function-refused
WITH x AS MATERIALIZED (FROM read_text('${canary}')) FROM x
