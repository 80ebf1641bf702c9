-- expect: topic-unknown
SELECT * FROM main.sqlite_master
