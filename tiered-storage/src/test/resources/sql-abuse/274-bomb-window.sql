-- expect: limited
SELECT max(s) FROM (SELECT sum(i) OVER (ORDER BY hash(i)) s FROM range(10000000000) t(i))
