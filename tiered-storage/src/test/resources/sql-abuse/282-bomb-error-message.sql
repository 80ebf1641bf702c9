-- expect: limited
SELECT error(repeat('x', 100000000))
