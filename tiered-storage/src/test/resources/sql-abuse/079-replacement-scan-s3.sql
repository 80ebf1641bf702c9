-- expect: topic-unknown
SELECT * FROM 's3://bucket/x.parquet'
