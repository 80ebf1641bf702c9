-- expect: topic-unknown
SELECT * FROM __weir_jobs
