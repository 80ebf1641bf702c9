-- expect: limited
SELECT count(DISTINCT hash(i) || i::VARCHAR) FROM range(10000000000) t(i)
