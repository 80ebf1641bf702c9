-- expect: limited
SELECT count(*) FROM flights a, range(100000) b, range(100000) c, range(100000) d WHERE hash(b.range, c.range, d.range) = 1
