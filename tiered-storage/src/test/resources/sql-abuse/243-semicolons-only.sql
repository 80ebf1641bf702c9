-- expect: sql-not-one-select
;;;
