-- expect: topic-unknown
SELECT * FROM '${archive}'
