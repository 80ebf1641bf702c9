-- expect: topic-unknown
SELECT * FROM temp.sqlite_master
