-- expect: sql-function-refused
SELECT json_serialize_sql('SELECT 1')
