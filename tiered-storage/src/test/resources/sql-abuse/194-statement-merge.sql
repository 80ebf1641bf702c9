-- expect: sql-not-one-select
MERGE INTO flights USING flights x ON true WHEN MATCHED THEN DELETE
