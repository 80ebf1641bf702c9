-- expect: sql-refused
WITH x AS (DELETE FROM flights RETURNING *) SELECT * FROM x
