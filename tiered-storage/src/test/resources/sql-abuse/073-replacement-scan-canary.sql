-- expect: topic-unknown
SELECT * FROM '${canary}'
