-- expect: sql-not-one-select
PRAGMA import_database('${out}')
