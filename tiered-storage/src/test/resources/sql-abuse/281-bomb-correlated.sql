-- expect: limited
SELECT (SELECT count(*) FROM range(1000000) b(j) WHERE b.j % (a.i + 1) = 0) FROM range(1000000) a(i)
