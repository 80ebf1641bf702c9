-- expect: sql-function-refused
SELECT __internal_decompress_string(1::UHUGEINT)
