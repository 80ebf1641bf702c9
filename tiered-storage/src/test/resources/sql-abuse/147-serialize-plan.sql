-- expect: sql-function-refused
SELECT json_serialize_plan('SELECT 1')
