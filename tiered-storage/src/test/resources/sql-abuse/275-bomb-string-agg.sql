-- expect: limited
SELECT length(string_agg(repeat('x', 1000), '')) FROM range(100000000)
