-- expect: sql-not-one-select
FORCE INSTALL httpfs FROM 'http://127.0.0.1:1'
