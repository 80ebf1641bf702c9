-- expect: topic-unknown
SELECT * FROM system.main.duckdb_settings
