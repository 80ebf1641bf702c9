-- expect: sql-not-one-select
CREATE TYPE t AS ENUM ('a')
