-- expect: sql-function-refused
FROM (SELECT content AS a, 1 AS b FROM read_text('${canary}')) PIVOT (sum(b) FOR a IN ('x'))
