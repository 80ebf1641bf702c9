-- expect: sql-not-one-select
INSERT INTO flights VALUES (1)
