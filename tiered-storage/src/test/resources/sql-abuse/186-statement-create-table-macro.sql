-- expect: sql-not-one-select
CREATE MACRO f() AS TABLE FROM read_text('${canary}')
