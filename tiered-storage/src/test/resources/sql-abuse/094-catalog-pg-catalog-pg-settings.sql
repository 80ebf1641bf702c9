-- expect: topic-unknown
SELECT * FROM pg_catalog.pg_settings
