-- expect: sql-not-one-select
INSTALL spatial FROM community
