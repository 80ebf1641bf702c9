-- expect: limited
SELECT sum(i) FROM generate_series(1, 1000000000000) t(i)
