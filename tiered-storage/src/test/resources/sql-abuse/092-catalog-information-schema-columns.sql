-- expect: topic-unknown
SELECT * FROM information_schema.columns
