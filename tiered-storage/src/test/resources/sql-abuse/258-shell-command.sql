-- expect: sql-syntax
.shell id
