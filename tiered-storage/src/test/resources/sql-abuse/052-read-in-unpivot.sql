-- expect: sql-function-refused
FROM (SELECT content AS a FROM read_text('${canary}')) UNPIVOT (v FOR n IN (a))
