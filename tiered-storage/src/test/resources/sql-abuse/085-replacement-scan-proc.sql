-- expect: topic-unknown
SELECT * FROM '/proc/self/fd/0'
