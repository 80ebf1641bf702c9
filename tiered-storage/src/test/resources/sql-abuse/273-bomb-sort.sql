-- expect: limited
SELECT * FROM (SELECT i, hash(i) h FROM range(10000000000) t(i)) ORDER BY h LIMIT 10 OFFSET 1000000000
