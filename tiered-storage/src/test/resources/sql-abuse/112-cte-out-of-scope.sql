-- expect: topic-unknown
SELECT * FROM (WITH c AS (SELECT 1) SELECT * FROM c), c
