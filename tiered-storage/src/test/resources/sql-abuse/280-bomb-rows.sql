-- expect: limited
SELECT i, repeat('x', 1000) FROM range(100000000000) t(i)
