-- expect: topic-unknown
SELECT * FROM sqlite_schema
