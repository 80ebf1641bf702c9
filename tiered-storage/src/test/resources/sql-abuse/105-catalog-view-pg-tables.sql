-- expect: topic-unknown
SELECT * FROM pg_tables
