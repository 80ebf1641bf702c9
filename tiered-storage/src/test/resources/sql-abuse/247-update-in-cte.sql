-- expect: sql-refused
WITH x AS (UPDATE flights SET _key = 1 RETURNING *) SELECT * FROM x
