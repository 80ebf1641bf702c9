-- expect: topic-unknown
SELECT * FROM pragma_database_list
