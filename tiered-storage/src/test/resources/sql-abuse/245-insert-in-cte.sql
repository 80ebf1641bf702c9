-- expect: sql-refused
WITH x AS (INSERT INTO flights VALUES (1) RETURNING *) SELECT * FROM x
