-- expect: topic-unknown
SELECT * FROM '/dev/stdin'
