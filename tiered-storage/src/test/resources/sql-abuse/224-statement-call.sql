-- expect: sql-not-one-select
CALL pragma_version()
