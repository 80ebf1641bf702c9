-- expect: topic-unknown
SELECT * FROM 'http://169.254.169.254/latest/meta-data/x.csv'
