-- expect: sql-not-one-select
SET GLOBAL enable_external_access=true
