-- expect: sql-not-one-select
COPY FROM DATABASE memory TO temp
