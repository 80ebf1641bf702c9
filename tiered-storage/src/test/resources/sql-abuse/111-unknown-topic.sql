-- expect: topic-unknown
SELECT * FROM flihgts
