-- expect: limited
SELECT len(range(100000000000))
