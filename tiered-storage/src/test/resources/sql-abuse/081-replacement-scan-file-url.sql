-- expect: topic-unknown
SELECT * FROM 'file:///etc/passwd'
