-- expect: sql-function-refused
SELECT st_geomfromwkb('\x00'::BLOB)
