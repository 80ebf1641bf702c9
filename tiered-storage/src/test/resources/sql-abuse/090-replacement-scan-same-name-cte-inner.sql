-- expect: topic-unknown
WITH "${canary}" AS (SELECT * FROM "${canary}") SELECT * FROM "${canary}"
