-- expect: topic-unknown
WITH a AS (FROM '${canary}') FROM a
