-- expect: topic-unknown
SELECT * FROM 'hf://datasets/a/b.parquet'
