-- expect: limited
SELECT levenshtein(repeat('a', 100000), repeat('b', 100000)) FROM range(1000)
