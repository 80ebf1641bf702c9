-- expect: limited
SELECT count(*) FROM (SELECT unnest(range(10000000)) FROM range(10000000))
