-- expect: topic-unknown
WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a
