-- expect: limited
SELECT length(repeat(repeat('x', 1000000), 1000000))
