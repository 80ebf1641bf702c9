-- expect: topic-unknown
SELECT * FROM 'x.parquet'
