-- expect: limited
SELECT regexp_replace(repeat('a', 1000000), '(a*)*b', 'x', 'g') FROM range(1000000)
