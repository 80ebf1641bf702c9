-- expect: sql-function-refused
SELECT variant_bytes_to_variant('\x00'::BLOB, '\x00'::BLOB)
